/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-board-view.h"

#include "pf-sections.h"
#include "pf-socket-view.h"
#include "pf-widgets.h"

#define MAX_COLUMNS 6
#define TILE_SPACING 6

struct _PfBoardView
{
  GtkBox parent;
  gboolean can_pick;
  char *layout;      /* (nullable): which sections with which sockets are there */
  GHashTable *tiles; /* key → PfSocketView */
};

G_DEFINE_TYPE (PfBoardView, pf_board_view, GTK_TYPE_BOX)

enum
{
  SOCKET_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_child_activated (GtkFlowBox *box, GtkFlowBoxChild *child, PfBoardView *view)
{
  g_autofree char *key = g_strdup (pf_socket_view_get_key (PF_SOCKET_VIEW (child)));

  g_signal_emit (view, signals[SOCKET_ACTIVATED], 0, key);
}

static GtkWidget *
create_tiles (PfBoardView *view, const PfSection *section)
{
  GtkWidget *box = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (box), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), MAX_COLUMNS);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (box), TILE_SPACING);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (box), TILE_SPACING);
  pf_widgets_name (box, section->title);
  atk_object_set_role (gtk_widget_get_accessible (box), ATK_ROLE_LIST); /* GTK says table */
  g_signal_connect (box, "child-activated", G_CALLBACK (on_child_activated), view);
  for (guint i = 0; i < section->sockets->len; i++)
    {
      const PfSocket *socket = section->sockets->pdata[i];
      GtkWidget *tile = pf_socket_view_new (socket->key, view->can_pick);

      gtk_container_add (GTK_CONTAINER (box), tile);
      g_hash_table_insert (view->tiles, g_strdup (socket->key), tile);
    }
  return box;
}

static void
add_section (PfBoardView *view, const PfSection *section)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_container_add (GTK_CONTAINER (box),
                     pf_widgets_label (section->title, view->can_pick ? "pf-title" : "pf-heading"));
  if (section->note != NULL)
    gtk_container_add (GTK_CONTAINER (box), pf_widgets_paragraph (section->note));
  if (section->sockets->len > 0)
    gtk_container_add (GTK_CONTAINER (box), create_tiles (view, section));
  gtk_container_add (GTK_CONTAINER (view), box);
}

static char *
describe_layout (GPtrArray *sections)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < sections->len; i++)
    {
      const PfSection *section = sections->pdata[i];

      g_string_append_printf (text, "[%s|%s|%s]", section->key, section->title,
                              section->note != NULL ? section->note : "");
      for (guint j = 0; j < section->sockets->len; j++)
        {
          const PfSocket *socket = section->sockets->pdata[j];

          g_string_append_printf (text, "%s;", socket->key);
        }
    }
  return g_string_free (text, FALSE);
}

/* Tiles stay as they are while the same sockets are in the same places, so that the focus stays too. */
static void
lay_out (PfBoardView *view, GPtrArray *sections)
{
  g_autofree char *layout = describe_layout (sections);

  if (g_strcmp0 (layout, view->layout) == 0)
    return;
  g_free (view->layout);
  view->layout = g_steal_pointer (&layout);
  g_hash_table_remove_all (view->tiles);
  pf_widgets_clear (GTK_CONTAINER (view));
  for (guint i = 0; i < sections->len; i++)
    add_section (view, sections->pdata[i]);
  gtk_widget_show_all (GTK_WIDGET (view));
}

/**
 * pf_board_view_show:
 * @view: a picture
 * @sockets: (element-type PfSocket): what it shows from now on
 * @controllers: (element-type PfDBusController): the controllers of the machine
 */
void
pf_board_view_show (PfBoardView *view, GPtrArray *sockets, GPtrArray *controllers)
{
  g_autoptr (GPtrArray) sections = pf_sections_list (sockets, controllers);

  lay_out (view, sections);
  for (guint i = 0; i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];

      pf_socket_view_show_socket (g_hash_table_lookup (view->tiles, socket->key), socket);
    }
}

/**
 * pf_board_view_show_picked:
 * @view: a picture to choose from
 * @sockets: (element-type PfSocket): what it shows
 * @is_picked: says of each whether it is chosen
 * @user_data: for @is_picked
 */
void
pf_board_view_show_picked (PfBoardView *view,
                           GPtrArray *sockets,
                           PfBoardViewIsPicked is_picked,
                           gpointer user_data)
{
  for (guint i = 0; i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];
      PfSocketView *tile = g_hash_table_lookup (view->tiles, socket->key);

      pf_socket_view_show_picked (tile, is_picked (socket, user_data));
    }
}

/**
 * pf_board_view_light:
 * @view: a picture
 * @key: names a socket
 *
 * Makes its tile stand out for a while.
 */
void
pf_board_view_light (PfBoardView *view, const char *key)
{
  PfSocketView *tile = g_hash_table_lookup (view->tiles, key);

  if (tile != NULL)
    pf_socket_view_light (tile);
}

static void
pf_board_view_finalize (GObject *object)
{
  PfBoardView *view = PF_BOARD_VIEW (object);

  g_hash_table_unref (view->tiles);
  g_free (view->layout);
  G_OBJECT_CLASS (pf_board_view_parent_class)->finalize (object);
}

static void
pf_board_view_class_init (PfBoardViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_board_view_finalize;
  signals[SOCKET_ACTIVATED] = g_signal_new ("socket-activated", PF_TYPE_BOARD_VIEW, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pf_board_view_init (PfBoardView *view)
{
  view->tiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * pf_board_view_new:
 * @can_pick: whether sockets can be chosen
 *
 * Returns: (transfer floating): an empty picture
 */
GtkWidget *
pf_board_view_new (gboolean can_pick)
{
  PfBoardView *view = g_object_new (PF_TYPE_BOARD_VIEW, "orientation", GTK_ORIENTATION_VERTICAL, "spacing",
                                    18, "margin", 18, NULL);

  view->can_pick = can_pick;
  return GTK_WIDGET (view);
}
