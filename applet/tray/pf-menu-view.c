/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-menu-view.h"

#include "pf-radio-item.h"

struct _PfMenuView
{
  GObject parent;
  GtkMenu *menu;
  GPtrArray *rows; /* (nullable): what the items show; each item points to its row */
};

G_DEFINE_TYPE (PfMenuView, pf_menu_view, G_TYPE_OBJECT)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* An item points to its row, in the rows of the view, under this name. */
#define ROW "pf-menu-row"

static const PfMenuRow *
get_row (GtkWidget *item)
{
  return g_object_get_data (G_OBJECT (item), ROW);
}

/* A panel may report a click on an insensitive row, so it is asked again here whether the row can be chosen.
 */
static void
on_item_activate (GtkMenuItem *item, gpointer user_data)
{
  PfMenuView *view = user_data;
  const PfMenuRow *row = get_row (GTK_WIDGET (item));
  g_autofree char *target = NULL;

  if (PF_IS_RADIO_ITEM (item) && pf_radio_item_is_showing (PF_RADIO_ITEM (item)))
    return;
  if (row->verb == PF_VERB_NONE || !row->sensitive)
    return;
  target = g_strdup (row->target); /* handlers may update the view */
  g_signal_emit (view, signals[CHOSEN], 0, (guint) row->verb, target);
}

static GtkWidget *
create_item (PfMenuView *view, const PfMenuRow *row)
{
  GtkWidget *item;

  if (row->kind == PF_MENU_ROW_SEPARATOR)
    return gtk_separator_menu_item_new ();
  item = row->kind == PF_MENU_ROW_RADIO ? pf_radio_item_new () : gtk_menu_item_new ();
  g_signal_connect_object (item, "activate", G_CALLBACK (on_item_activate), view, 0);
  return item;
}

static void update_menu (PfMenuView *view, GtkMenuShell *menu, GPtrArray *rows);

static void
update_submenu (PfMenuView *view, GtkMenuItem *item, GPtrArray *rows)
{
  GtkWidget *menu = gtk_menu_item_get_submenu (item);

  if (rows == NULL)
    {
      if (menu != NULL)
        gtk_menu_item_set_submenu (item, NULL);
      return;
    }
  if (menu != NULL)
    {
      update_menu (view, GTK_MENU_SHELL (menu), rows);
      return;
    }
  menu = gtk_menu_new ();
  update_menu (view, GTK_MENU_SHELL (menu), rows);
  gtk_menu_item_set_submenu (item, menu);
}

/* All items take an underscore for a mnemonic, and those without one have theirs doubled: libdbusmenu doubles it for some
 * versions of an item's text, and not for others. */
static char *
escape_label (const PfMenuRow *row)
{
  g_auto (GStrv) parts = row->mnemonic ? NULL : g_strsplit (row->label, "_", -1);

  return row->mnemonic ? g_strdup (row->label) : g_strjoinv ("__", parts);
}

/* Each item has a name of its own for screen readers from the start: ATK tells of changes only, and libdbusmenu has to
 * hear of them. */
static void
update_text (GtkMenuItem *item, const PfMenuRow *row)
{
  g_autofree char *label = escape_label (row);
  const char *text;

  gtk_menu_item_set_use_underline (item, TRUE);
  if (g_strcmp0 (gtk_menu_item_get_label (item), label) != 0)
    gtk_menu_item_set_label (item, label);
  text = gtk_label_get_text (GTK_LABEL (gtk_bin_get_child (GTK_BIN (item))));
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (item)), row->spoken != NULL ? row->spoken : text);
}

static void
update_item (PfMenuView *view, GtkWidget *item, const PfMenuRow *row)
{
  g_object_set_data (G_OBJECT (item), ROW, (gpointer) row);
  gtk_widget_set_visible (item, !row->hidden);
  if (row->kind == PF_MENU_ROW_SEPARATOR)
    return;
  update_text (GTK_MENU_ITEM (item), row);
  gtk_widget_set_sensitive (item, row->sensitive);
  if (PF_IS_RADIO_ITEM (item))
    pf_radio_item_show_active (PF_RADIO_ITEM (item), row->active);
  update_submenu (view, GTK_MENU_ITEM (item), row->children);
}

/* An item can go on showing a row of the same key. */
static gboolean
can_show (GtkWidget *item, const PfMenuRow *row)
{
  const PfMenuRow *shown = get_row (item);

  return shown->kind == row->kind && g_str_equal (shown->key, row->key);
}

/* The items of @menu that are still wanted stay where they are, so that an open menu does not jump. Those
 * that are not wanted, and those that would have to move, go. */
static GPtrArray *
keep_items (GtkMenuShell *menu, GPtrArray *rows)
{
  g_autoptr (GList) children = gtk_container_get_children (GTK_CONTAINER (menu));
  GPtrArray *kept = g_ptr_array_new ();
  guint next = 0;

  g_ptr_array_set_size (kept, (gint) rows->len);
  for (GList *child = children; child != NULL; child = child->next)
    {
      guint i = next;

      while (i < rows->len && !can_show (child->data, g_ptr_array_index (rows, i)))
        i++;
      if (i == rows->len)
        {
          gtk_widget_destroy (child->data);
          continue;
        }
      g_ptr_array_index (kept, i) = child->data;
      next = i + 1;
    }
  return kept;
}

static void
update_menu (PfMenuView *view, GtkMenuShell *menu, GPtrArray *rows)
{
  g_autoptr (GPtrArray) kept = keep_items (menu, rows);

  for (guint i = 0; i < rows->len; i++)
    {
      const PfMenuRow *row = g_ptr_array_index (rows, i);
      GtkWidget *item = g_ptr_array_index (kept, i);

      if (item != NULL)
        {
          update_item (view, item, row);
          continue;
        }
      item = create_item (view, row);
      update_item (view, item, row);
      gtk_menu_shell_insert (menu, item, (gint) i);
    }
}

static void
pf_menu_view_finalize (GObject *object)
{
  PfMenuView *view = PF_MENU_VIEW (object);

  gtk_widget_destroy (GTK_WIDGET (view->menu));
  g_object_unref (view->menu);
  g_clear_pointer (&view->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (pf_menu_view_parent_class)->finalize (object);
}

static void
pf_menu_view_class_init (PfMenuViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_menu_view_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", PF_TYPE_MENU_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
}

static void
pf_menu_view_init (PfMenuView *view)
{
  view->menu = GTK_MENU (g_object_ref_sink (gtk_menu_new ()));
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (view->menu)), g_get_application_name ());
}

PfMenuView *
pf_menu_view_new (void)
{
  return g_object_new (PF_TYPE_MENU_VIEW, NULL);
}

/**
 * pf_menu_view_get_menu:
 * @view: a view
 *
 * Returns: (transfer none): the menu, always the same
 */
GtkMenu *
pf_menu_view_get_menu (PfMenuView *view)
{
  return view->menu;
}

/**
 * pf_menu_view_update:
 * @view: a view
 * @rows: (transfer full) (element-type PfMenuRow): what to show
 *
 * Changes the menu to @rows, in place: rows that stay keep their items.
 */
void
pf_menu_view_update (PfMenuView *view, GPtrArray *rows)
{
  g_autoptr (GPtrArray) old = view->rows;

  view->rows = rows;
  update_menu (view, GTK_MENU_SHELL (view->menu), rows);
}
