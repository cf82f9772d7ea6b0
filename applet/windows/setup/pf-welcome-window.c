/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-welcome-window.h"

#include <glib/gi18n.h>

#include "pf-lending-view.h"
#include "pf-sockets.h"
#include "pf-state-view.h"
#include "pf-widgets.h"

#define WIDTH 640
#define HEIGHT 560
#define NOT_YET "go-next-symbolic"

typedef enum
{
  STEP_LEARN,
  STEP_PROFILE,
  STEP_SHORTCUT,
  STEP_GUEST,
  N_STEPS
} Step;

struct _PfWelcomeWindow
{
  GtkApplicationWindow parent;
  PfClient *client;
  GtkWidget *lending;
  GtkSizeGroup *buttons; /* are all as wide */
  GtkWidget *marks[N_STEPS];
  GtkWidget *states[N_STEPS];
};

G_DEFINE_TYPE (PfWelcomeWindow, pf_welcome_window, GTK_TYPE_APPLICATION_WINDOW)

static const struct
{
  const char *title;
  const char *text;
  const char *button;
  const char *action; /* where no such action is, there is no button */
} steps[N_STEPS] = {
  { N_ ("Name your sockets"),
    N_ ("Plug a stick into one socket after the other, and Portferry finds out which is which. It can be "
        "skipped."),
    N_ ("_Learn names…"), "learn" },
  { N_ ("Make a profile"), N_ ("Choose the sockets and controllers that the virtual machine shall have."),
    N_ ("New _profile…"), "new-profile" },
  { N_ ("Choose a keyboard shortcut"),
    N_ ("One key moves everything over and back, even when the mouse is with the guest."),
    N_ ("_Keyboard shortcut…"), "shortcut" },
  { N_ ("Set up the guest"),
    N_ ("Tell the virtual machine of its controllers and of the port through which it asks for them, and put "
        "the programs for that into it."),
    N_ ("_Guest side…"), "guest" },
};

static void
show_step (PfWelcomeWindow *window, Step step, gboolean done, const char *state)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (window->marks[step]),
                                done ? "org.portferry.Portferry-ok-symbolic" : NOT_YET, GTK_ICON_SIZE_MENU);
  pf_widgets_name (window->marks[step], done ? _ ("Done") : _ ("Not done yet"));
  gtk_label_set_text (GTK_LABEL (window->states[step]), state);
  gtk_widget_show (window->states[step]);
}

static void
on_changed (PfWelcomeWindow *window)
{
  g_autoptr (GPtrArray) sockets = pf_sockets_read (window->client);
  g_autoptr (GPtrArray) profiles = pf_client_list_profiles (window->client);
  guint named = pf_sockets_count_named (sockets);
  guint made = profiles->len > 0 ? profiles->len - 1 : 0; /* home is always there */
  g_autofree char *learnt = g_strdup_printf (_ ("%u of %u named"), named, sockets->len);
  g_autofree char *written = g_strdup_printf (ngettext ("%u profile", "%u profiles", made), made);

  pf_lending_view_update (PF_LENDING_VIEW (window->lending));
  show_step (window, STEP_LEARN, named > 0, learnt);
  show_step (window, STEP_PROFILE, made > 0, written);
}

static GtkWidget *
create_step (PfWelcomeWindow *window, Step step)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (window));
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *title = g_strdup_printf ("%d. %s", step + 1, _ (steps[step].title));
  GtkWidget *text = pf_widgets_paragraph (_ (steps[step].text));

  window->marks[step] = gtk_image_new_from_icon_name (NOT_YET, GTK_ICON_SIZE_MENU);
  window->states[step] = pf_widgets_label (NULL, NULL);
  pf_widgets_name (window->marks[step], _ ("Not done yet"));
  gtk_widget_set_no_show_all (window->states[step], TRUE);
  gtk_widget_set_valign (window->marks[step], GTK_ALIGN_START);
  gtk_container_add (GTK_CONTAINER (words), pf_widgets_label (title, "pf-title"));
  gtk_container_add (GTK_CONTAINER (words), text);
  gtk_container_add (GTK_CONTAINER (words), window->states[step]);
  gtk_container_add (GTK_CONTAINER (row), window->marks[step]);
  gtk_box_pack_start (GTK_BOX (row), words, TRUE, TRUE, 0);
  if (g_action_group_has_action (G_ACTION_GROUP (application), steps[step].action))
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (_ (steps[step].button));
      g_autofree char *name = g_strconcat ("app.", steps[step].action, NULL);

      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), name);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_size_group_add_widget (window->buttons, button);
      gtk_box_pack_end (GTK_BOX (row), button, FALSE, FALSE, 0);
    }
  return row;
}

static GtkWidget *
create_content (PfWelcomeWindow *window)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  g_object_set (content, "margin", 24, NULL);
  gtk_container_add (GTK_CONTAINER (content),
                     pf_widgets_label (_ ("Lend USB sockets to a virtual machine"), "pf-hero"));
  gtk_container_add (GTK_CONTAINER (content),
                     pf_widgets_paragraph (_ (
                         "These are the first steps, in any order. None of them moves anything: that happens "
                         "only when you choose a profile in the menu, and “Bring everything home” takes it "
                         "back.")));
  window->lending = pf_lending_view_new (window->client, TRUE);
  gtk_container_add (GTK_CONTAINER (content), window->lending);
  for (guint step = 0; step < N_STEPS; step++)
    gtk_container_add (GTK_CONTAINER (content), create_step (window, (Step) step));
  return content;
}

static void
pf_welcome_window_dispose (GObject *object)
{
  g_clear_object (&PF_WELCOME_WINDOW (object)->client);
  g_clear_object (&PF_WELCOME_WINDOW (object)->buttons);
  G_OBJECT_CLASS (pf_welcome_window_parent_class)->dispose (object);
}

static void
pf_welcome_window_class_init (PfWelcomeWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_welcome_window_dispose;
}

static void
pf_welcome_window_init (PfWelcomeWindow *window)
{
  window->buttons = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
}

/**
 * pf_welcome_window_new:
 * @application: whose window it is
 * @client: the helper's client
 *
 * Returns: (transfer none): the window, not shown yet
 */
GtkWidget *
pf_welcome_window_new (GtkApplication *application, PfClient *client)
{
  PfWelcomeWindow *window = g_object_new (PF_TYPE_WELCOME_WINDOW, "application", application, NULL);
  GtkWidget *scroll, *view;

  window->client = g_object_ref (client);
  pf_widgets_set_up_window (GTK_WINDOW (window), _ ("Welcome to Portferry"), WIDTH, HEIGHT);
  scroll = pf_widgets_scroll (create_content (window));
  gtk_widget_show_all (scroll);
  view = pf_state_view_new (client, scroll);
  g_signal_connect_object (view, "changed", G_CALLBACK (on_changed), window, G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (window), view);
  return GTK_WIDGET (window);
}
