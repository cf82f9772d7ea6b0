/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long windows take from the moment they are asked for until they are painted, with the helper of the desk:
 *
 *   bench-windows ROUNDS    prints a line for each window: its name and the median in microseconds
 *
 * "first" is the ports window of a program that knows nothing of the helper yet; the others find a client that is ready,
 * as in a tray that runs. */

#include <stdlib.h>

#include "pf-ports-window.h"
#include "pf-profile-editor.h"

#define PATIENCE_SECONDS 120

typedef struct
{
  const char *name;
  gboolean knows_nothing;
  GtkWidget *(*create) (GtkApplication *application, PfClient *client);
  GArray *times; /* gint64, in microseconds */
} Case;

typedef struct
{
  GtkApplication *application;
  PfClient *client;
  guint rounds;
} Bench;

static GtkWidget *
create_editor (GtkApplication *application, PfClient *client)
{
  return pf_profile_editor_new (application, client, NULL);
}

static gboolean G_GNUC_NORETURN
on_too_late (gpointer user_data)
{
  g_error ("Nothing was painted within %d seconds.", PATIENCE_SECONDS);
}

static void
wait_until_ready (PfClient *client)
{
  while (pf_client_get_state (client) != PF_CLIENT_READY)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_painted (GdkFrameClock *clock, gboolean *painted)
{
  *painted = TRUE;
}

/* The next frame that is painted has what the window was told so far. */
static void
wait_until_painted (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gboolean painted = FALSE;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), &painted);

  gtk_widget_queue_draw (window);
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, id);
}

static void
on_woken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!pf_client_wake_finish (PF_CLIENT (source), result, &error))
    g_error ("The helper does not answer: %s", error->message);
}

static PfClient *
create_client (void)
{
  PfClient *client = pf_client_new ();

  pf_client_wake_async (client, NULL, on_woken, NULL);
  return client;
}

static void
measure (Bench *bench, Case *one)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (PfClient) client = one->knows_nothing ? create_client () : g_object_ref (bench->client);
  GtkWidget *window = one->create (bench->application, client);
  gint64 time;

  gtk_window_present (GTK_WINDOW (window));
  wait_until_ready (client);
  wait_until_painted (window);
  time = g_get_monotonic_time () - start;
  g_array_append_val (one->times, time);
  gtk_widget_destroy (window);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *first = a;
  const gint64 *second = b;

  return (*first > *second) - (*first < *second);
}

static void
print_median (const Case *one)
{
  g_array_sort (one->times, compare_times);
  g_print ("%s %" G_GINT64_FORMAT "\n", one->name, g_array_index (one->times, gint64, one->times->len / 2));
}

static void
on_activate (Bench *bench)
{
  Case cases[] = {
    { .name = "first", .knows_nothing = TRUE, .create = pf_ports_window_new },
    { .name = "ports", .create = pf_ports_window_new },
    { .name = "editor", .create = create_editor },
  };
  g_autoptr (PfClient) client = create_client ();

  bench->client = client;
  wait_until_ready (client);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      cases[i].times = g_array_new (FALSE, FALSE, sizeof (gint64));
      /* What is done once for a program is done in the first round. */
      for (guint round = 0; round <= bench->rounds; round++)
        {
          measure (bench, &cases[i]);
          if (round == 0)
            g_array_set_size (cases[i].times, 0);
        }
      print_median (&cases[i]);
      g_array_unref (cases[i].times);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  Bench bench = { .application = application, .rounds = argc == 2 ? (guint) atoi (argv[1]) : 0 };

  if (bench.rounds == 0)
    {
      g_printerr ("usage: %s ROUNDS\n", argv[0]);
      return 2;
    }
  g_timeout_add_seconds (PATIENCE_SECONDS, on_too_late, NULL);
  g_signal_connect_swapped (application, "activate", G_CALLBACK (on_activate), &bench);
  return g_application_run (G_APPLICATION (application), 0, NULL);
}
