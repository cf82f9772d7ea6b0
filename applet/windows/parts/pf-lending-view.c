/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-lending-view.h"

#include "pf-lending.h"
#include "pf-variant.h"
#include "pf-widgets.h"

struct _PfLendingView
{
  GtkBox parent;
  PfClient *client;
  GCancellable *cancellable;
  gboolean always;
  GtkWidget *words;
  char *seen; /* (nullable): what of the machine the words are about */
};

G_DEFINE_TYPE (PfLendingView, pf_lending_view, GTK_TYPE_BOX)

/* Returns: (transfer full): other text whenever the words may be others: a controller, its driver, or an
 * input device has changed. Each question is a look at the whole machine, so that a stick must not ask one.
 */
static char *
describe_machine (PfClient *client)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusController *controller = controllers->pdata[i];
      GVariant *devices = pf_dbus_controller_get_devices (controller);

      g_string_append_printf (text, "%s %s;", pf_dbus_controller_get_address (controller),
                              pf_dbus_controller_get_driver (controller));
      for (gsize j = 0; devices != NULL && j < g_variant_n_children (devices); j++)
        {
          g_autoptr (GVariant) device = g_variant_get_child_value (devices, j);

          if (*pf_variant_get_string (device, "input") != '\0')
            g_string_append_printf (text, "%s;", pf_variant_get_string (device, "sysname"));
        }
    }
  return g_string_free (text, FALSE);
}

static void
add_lines (GString *text, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "\n• %s", (char *) lines->pdata[i]);
}

static void
show_words (PfLendingView *view, const PfLending *lending)
{
  g_autoptr (GString) text = g_string_new (lending->what);
  gboolean is_good = lending->kind == PF_LENDING_WELL || lending->kind == PF_LENDING_AWAY;

  add_lines (text, lending->ways);
  add_lines (text, lending->obstacles);
  if (lending->advice != NULL)
    g_string_append_printf (text, "\n%s", lending->advice);
  gtk_label_set_text (GTK_LABEL (view->words), text->str);
  gtk_widget_set_visible (GTK_WIDGET (view), view->always || !is_good);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) controllers = pf_lending_ask_finish (PF_CLIENT (source), result, &error);
  g_autoptr (PfLending) lending = NULL;
  PfLendingView *view = user_data; /* gone where the question was cancelled */

  if (controllers == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  lending = pf_lending_describe (controllers);
  if (controllers->len > 0)
    show_words (view, lending);
}

/**
 * pf_lending_view_update:
 * @view: a view
 *
 * To be called when what the helper publishes has changed.
 */
void
pf_lending_view_update (PfLendingView *view)
{
  g_autofree char *machine = describe_machine (view->client);

  if (g_strcmp0 (machine, view->seen) == 0)
    return;
  g_free (view->seen);
  view->seen = g_steal_pointer (&machine);
  g_cancellable_cancel (view->cancellable);
  g_object_unref (view->cancellable);
  view->cancellable = g_cancellable_new ();
  pf_lending_ask_async (view->client, view->cancellable, on_answer, view);
}

static void
pf_lending_view_dispose (GObject *object)
{
  PfLendingView *view = PF_LENDING_VIEW (object);

  g_cancellable_cancel (view->cancellable);
  g_clear_object (&view->client);
  G_OBJECT_CLASS (pf_lending_view_parent_class)->dispose (object);
}

static void
pf_lending_view_finalize (GObject *object)
{
  PfLendingView *view = PF_LENDING_VIEW (object);

  g_object_unref (view->cancellable);
  g_free (view->seen);
  G_OBJECT_CLASS (pf_lending_view_parent_class)->finalize (object);
}

static void
pf_lending_view_class_init (PfLendingViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_lending_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = pf_lending_view_finalize;
}

static void
pf_lending_view_init (PfLendingView *view)
{
  view->cancellable = g_cancellable_new ();
  view->words = pf_widgets_paragraph (NULL);
  gtk_container_add (GTK_CONTAINER (view), view->words);
  gtk_widget_show (view->words);
  gtk_widget_set_no_show_all (GTK_WIDGET (view), TRUE);
}

/**
 * pf_lending_view_new:
 * @client: the helper's client
 * @always: whether it is shown also where all is well
 *
 * Returns: (transfer floating): a view that is not seen before it knows something
 */
GtkWidget *
pf_lending_view_new (PfClient *client, gboolean always)
{
  PfLendingView *view = g_object_new (PF_TYPE_LENDING_VIEW, "orientation", GTK_ORIENTATION_VERTICAL, NULL);

  view->client = g_object_ref (client);
  view->always = always;
  return GTK_WIDGET (view);
}
