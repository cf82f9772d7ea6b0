/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-state-view.h"

#include <glib/gi18n.h>

#include "pf-widgets.h"

#define CONTENT "content"
#define LOADING "loading"
#define FAILED "failed"
#define EMPTY "empty"

struct _PfStateView
{
  GtkBox parent;
  PfClient *client;
  GtkWidget *bar;
  GtkWidget *stack;
  GtkWidget *reason;
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

static void
update (PfStateView *view)
{
  const GError *error = pf_client_get_error (view->client);

  switch (pf_client_get_state (view->client))
    {
    case PF_CLIENT_READY:
      show_ready (view);
      return;
    case PF_CLIENT_FAILED:
      gtk_label_set_text (GTK_LABEL (view->reason), error != NULL ? error->message : "");
      gtk_stack_set_visible_child_name (GTK_STACK (view->stack), FAILED);
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

static GtkWidget *
create_failed (PfStateView *view)
{
  GtkWidget *page
      = create_page ("org.portferry.Portferry-absent-symbolic", _ ("The helper is not available"));
  GtkWidget *retry = gtk_button_new_with_mnemonic (_ ("_Try again"));

  view->reason = pf_widgets_paragraph (NULL);
  gtk_label_set_selectable (GTK_LABEL (view->reason), TRUE);
  gtk_widget_set_halign (retry, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (retry, "clicked", G_CALLBACK (on_retry), view);
  gtk_container_add (GTK_CONTAINER (page), view->reason);
  gtk_container_add (GTK_CONTAINER (page), pf_widgets_paragraph (_ ("Without it nothing can be lent.")));
  gtk_container_add (GTK_CONTAINER (page), retry);
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
  view->stack = gtk_stack_new ();
  stack = GTK_STACK (view->stack);
  gtk_stack_add_named (stack, create_loading (), LOADING);
  gtk_stack_add_named (stack, create_failed (view), FAILED);
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
