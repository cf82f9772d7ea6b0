/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-state-view.h"

#include <glib/gi18n.h>

#include "pf-error.h"
#include "pf-widgets.h"

#define CONTENT "content"
#define LOADING "loading"
#define FAILED "failed"
#define FORBIDDEN "forbidden"
#define EMPTY "empty"

struct _PfStateView
{
  GtkBox parent;
  PfClient *client;
  GtkWidget *bar;
  GtkWidget *stack;
  GtkWidget *reason;
  GtkWidget *refusal;
  char *problem; /* (nullable): what the bar was shown for, so that it stays away once it is closed */
};

G_DEFINE_TYPE (PfStateView, pf_state_view, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_woken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* A failure is a state of the client, and shown as such. */
  if (!pf_client_wake_finish (PF_CLIENT (source), result, &error))
    g_debug ("The helper could not be woken: %s", error->message);
}

static void
on_retry (PfStateView *view)
{
  pf_client_wake_async (view->client, NULL, on_woken, NULL);
}

static void
show_problem (PfStateView *view)
{
  const char *problem = pf_dbus_manager_get_problem (pf_client_get_manager (view->client));

  if (g_strcmp0 (problem, view->problem) == 0)
    return;
  g_free (view->problem);
  view->problem = g_strdup (problem);
  pf_widgets_show_message (GTK_INFO_BAR (view->bar), problem != NULL && *problem != '\0' ? problem : NULL);
}

static void
show_ready (PfStateView *view)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (view->client);

  if (controllers->len == 0)
    {
      gtk_stack_set_visible_child_name (GTK_STACK (view->stack), EMPTY);
      return;
    }
  show_problem (view);
  g_signal_emit (view, signals[CHANGED], 0);
  gtk_stack_set_visible_child_name (GTK_STACK (view->stack), CONTENT);
}

/* Whether it is not there, or not for this user, is not the same: the one is repaired, the other allowed. */
static void
show_failed (PfStateView *view)
{
  const GError *error = pf_client_get_error (view->client);
  gboolean forbidden = g_error_matches (error, PF_ERROR, PF_ERROR_NOT_AUTHORIZED);

  gtk_label_set_text (GTK_LABEL (forbidden ? view->refusal : view->reason),
                      error != NULL ? error->message : "");
  gtk_stack_set_visible_child_name (GTK_STACK (view->stack), forbidden ? FORBIDDEN : FAILED);
}

static void
update (PfStateView *view)
{

  switch (pf_client_get_state (view->client))
    {
    case PF_CLIENT_READY:
      show_ready (view);
      return;
    case PF_CLIENT_FAILED:
      show_failed (view);
      return;
    case PF_CLIENT_ABSENT:
    case PF_CLIENT_LOADING:
      gtk_stack_set_visible_child_name (GTK_STACK (view->stack), LOADING);
      return;
    }
}

static GtkWidget *
create_page (const char *icon, const char *title)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *heading = pf_widgets_paragraph (title);

  gtk_widget_set_valign (page, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (page, GTK_ALIGN_CENTER);
  g_object_set (page, "margin", 24, NULL);
  if (icon != NULL)
    gtk_container_add (GTK_CONTAINER (page), gtk_image_new_from_icon_name (icon, GTK_ICON_SIZE_DIALOG));
  pf_widgets_set_class (heading, "pf-heading", TRUE);
  gtk_label_set_xalign (GTK_LABEL (heading), 0.5);
  gtk_container_add (GTK_CONTAINER (page), heading);
  return page;
}

/* A page with why, what that means, and what to do about it. */
static GtkWidget *
create_reason_page (PfStateView *view, const char *title, GtkWidget **reason)
{
  GtkWidget *page = create_page ("org.portferry.Portferry-absent-symbolic", title);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *retry = gtk_button_new_with_mnemonic (_ ("_Try again"));
  GtkWidget *doctor = gtk_button_new_with_mnemonic (_ ("_Doctor…"));

  *reason = pf_widgets_paragraph (NULL);
  gtk_label_set_selectable (GTK_LABEL (*reason), TRUE);
  gtk_widget_set_halign (buttons, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (retry, "clicked", G_CALLBACK (on_retry), view);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (doctor), "app.doctor");
  gtk_container_add (GTK_CONTAINER (buttons), doctor);
  gtk_container_add (GTK_CONTAINER (buttons), retry);
  gtk_container_add (GTK_CONTAINER (page), *reason);
  gtk_container_add (GTK_CONTAINER (page), pf_widgets_paragraph (_ ("Without it nothing can be lent.")));
  gtk_container_add (GTK_CONTAINER (page), buttons);
  return page;
}

static GtkWidget *
create_loading (void)
{
  GtkWidget *page = create_page (NULL, _ ("Looking at the machine…"));
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  pf_widgets_name (spinner, _ ("Looking at the machine…"));
  gtk_container_add (GTK_CONTAINER (page), spinner);
  return page;
}

static void
pf_state_view_dispose (GObject *object)
{
  PfStateView *view = PF_STATE_VIEW (object);

  if (view->client != NULL)
    g_signal_handlers_disconnect_by_data (view->client, view);
  g_clear_object (&view->client);
  g_clear_pointer (&view->problem, g_free);
  G_OBJECT_CLASS (pf_state_view_parent_class)->dispose (object);
}

static void
pf_state_view_class_init (PfStateViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_state_view_dispose;
  signals[CHANGED]
      = g_signal_new ("changed", PF_TYPE_STATE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pf_state_view_init (PfStateView *view)
{
}

static void
on_first_map (PfStateView *view)
{
  g_signal_handlers_disconnect_by_func (view, on_first_map, NULL);
  update (view);
}

/* Whatever the helper says is wrong with the machine, the doctor says what to do about it. */
static void
add_doctor (GtkInfoBar *bar)
{
  GtkWidget *doctor = gtk_button_new_with_mnemonic (_ ("_Doctor…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (doctor), "app.doctor");
  gtk_widget_show (doctor);
  gtk_container_add (GTK_CONTAINER (gtk_info_bar_get_action_area (bar)), doctor);
}

/**
 * pf_state_view_new:
 * @client: the helper's client
 * @content: (transfer floating): what to show when the helper has answered
 *
 * Returns: (transfer floating): a view that wakes the helper, and is up to date from when it is first seen
 */
GtkWidget *
pf_state_view_new (PfClient *client, GtkWidget *content)
{
  PfStateView *view = g_object_new (PF_TYPE_STATE_VIEW, "orientation", GTK_ORIENTATION_VERTICAL, NULL);
  GtkStack *stack;

  view->client = g_object_ref (client);
  view->bar = pf_widgets_info_bar ();
  add_doctor (GTK_INFO_BAR (view->bar));
  view->stack = gtk_stack_new ();
  stack = GTK_STACK (view->stack);
  gtk_stack_add_named (stack, create_loading (), LOADING);
  gtk_stack_add_named (stack, create_reason_page (view, _ ("The helper is not available"), &view->reason),
                       FAILED);
  gtk_stack_add_named (
      stack, create_reason_page (view, _ ("Not allowed to talk to the helper"), &view->refusal), FORBIDDEN);
  gtk_stack_add_named (stack,
                       create_page ("org.portferry.Portferry-absent-symbolic",
                                    _ ("This machine has no USB controllers")),
                       EMPTY);
  gtk_stack_add_named (stack, content, CONTENT);
  gtk_container_add (GTK_CONTAINER (view), view->bar);
  gtk_box_pack_start (GTK_BOX (view), view->stack, TRUE, TRUE, 0);
  gtk_widget_show_all (GTK_WIDGET (view));
  g_signal_connect_swapped (client, "notify::state", G_CALLBACK (update), view);
  g_signal_connect_swapped (client, "changed", G_CALLBACK (update), view);
  g_signal_connect (view, "map", G_CALLBACK (on_first_map), NULL);
  return GTK_WIDGET (view);
}
