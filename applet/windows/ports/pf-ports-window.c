/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ports-window.h"

#include <glib/gi18n.h>

#include "pf-board-view.h"
#include "pf-lending-view.h"
#include "pf-socket-dialog.h"
#include "pf-sockets.h"
#include "pf-state-view.h"
#include "pf-widgets.h"

#define WIDTH 1000
#define HEIGHT 680

struct _PfPortsWindow
{
  GtkApplicationWindow parent;
  PfClient *client;
  GPtrArray *sockets; /* (nullable): as they were last seen */
  GtkWidget *lending;
  GtkWidget *board;
};

G_DEFINE_TYPE (PfPortsWindow, pf_ports_window, GTK_TYPE_APPLICATION_WINDOW)

static guint
count_owned (GPtrArray *sockets, PfOwner owner)
{
  guint n = 0;

  for (guint i = 0; i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];

      if (socket->owner == owner)
        n++;
    }
  return n;
}

static void
update_summary (PfPortsWindow *window)
{
  guint guest = count_owned (window->sockets, PF_OWNER_GUEST);
  g_autofree char *all
      = g_strdup_printf (ngettext ("%u socket", "%u sockets", window->sockets->len), window->sockets->len);
  g_autofree char *lent = g_strdup_printf (
      /* Translators: how many sockets the guest has */
      ngettext ("%u with the guest", "%u with the guest", guest), guest);
  /* Translators: how many sockets there are, and how many the guest has: "14 sockets, 2 with the guest" */
  g_autofree char *text = g_strdup_printf (_ ("%s, %s"), all, lent);

  gtk_header_bar_set_subtitle (GTK_HEADER_BAR (gtk_window_get_titlebar (GTK_WINDOW (window))), text);
}

static void
light_plugged (PfPortsWindow *window, GPtrArray *before)
{
  const PfSocket *socket = pf_sockets_find_plugged (before, window->sockets, NULL);

  if (socket != NULL)
    pf_board_view_light (PF_BOARD_VIEW (window->board), socket->key);
}

static void
on_changed (PfPortsWindow *window)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&window->sockets);
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (window->client);

  window->sockets = pf_sockets_read (window->client);
  pf_board_view_show (PF_BOARD_VIEW (window->board), window->sockets, controllers);
  pf_lending_view_update (PF_LENDING_VIEW (window->lending));
  update_summary (window);
  if (before != NULL)
    light_plugged (window, before);
}

static void
on_socket_activated (PfPortsWindow *window, const char *key)
{
  const PfSocket *socket = pf_sockets_find (window->sockets, key);

  if (socket != NULL)
    pf_socket_dialog_open (GTK_WINDOW (window), window->client, socket, window->sockets);
}

static void
pf_ports_window_dispose (GObject *object)
{
  PfPortsWindow *window = PF_PORTS_WINDOW (object);

  g_clear_object (&window->client);
  g_clear_pointer (&window->sockets, g_ptr_array_unref);
  G_OBJECT_CLASS (pf_ports_window_parent_class)->dispose (object);
}

static void
pf_ports_window_class_init (PfPortsWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_ports_window_dispose;
}

static void
pf_ports_window_init (PfPortsWindow *window)
{
}

static void
add_buttons (PfPortsWindow *window)
{
  GtkWidget *learn
      = pf_widgets_header_button (GTK_WINDOW (window), _ ("_Learn names…"), GTK_PACK_START, FALSE);
  GtkWidget *add = pf_widgets_header_button (GTK_WINDOW (window), _ ("New _profile…"), GTK_PACK_START, FALSE);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (learn), "app.learn");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (add), "app.new-profile");
  gtk_widget_set_tooltip_text (learn, _ ("Name sockets by plugging something in"));
}

static GtkWidget *
create_content (PfPortsWindow *window)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  window->lending = pf_lending_view_new (window->client, FALSE);
  window->board = pf_board_view_new (FALSE);
  g_object_set (window->lending, "margin", 18, "margin-bottom", 0, NULL);
  gtk_container_add (GTK_CONTAINER (content), window->lending);
  gtk_container_add (GTK_CONTAINER (content), window->board);
  return content;
}

/**
 * pf_ports_window_new:
 * @application: whose window it is
 * @client: the helper's client
 *
 * Returns: (transfer none): the window, not shown yet
 */
GtkWidget *
pf_ports_window_new (GtkApplication *application, PfClient *client)
{
  PfPortsWindow *window = g_object_new (PF_TYPE_PORTS_WINDOW, "application", application, NULL);
  GtkWidget *view;

  window->client = g_object_ref (client);
  pf_widgets_set_up_window (GTK_WINDOW (window), _ ("Ports"), WIDTH, HEIGHT);
  add_buttons (window);
  view = pf_state_view_new (client, pf_widgets_scroll (create_content (window)));
  g_signal_connect_object (view, "changed", G_CALLBACK (on_changed), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (window->board, "socket-activated", G_CALLBACK (on_socket_activated), window,
                           G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (window), view);
  gtk_widget_show_all (gtk_window_get_titlebar (GTK_WINDOW (window)));
  return GTK_WIDGET (window);
}
