/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-icon-chooser.h"

#include <glib/gi18n.h>

/* A combo box with icons that say what a profile is for. */

enum
{
  COLUMN_ICON,
  COLUMN_WORD,
  N_COLUMNS
};

static const struct
{
  const char *icon;
  const char *word;
} icons[] = {
  { "", N_ ("No icon") },
  { "computer-symbolic", N_ ("Computer") },
  { "input-gaming-symbolic", N_ ("Games") },
  { "input-keyboard-symbolic", N_ ("Keyboard") },
  { "camera-web-symbolic", N_ ("Camera") },
  { "audio-headphones-symbolic", N_ ("Sound") },
  { "drive-harddisk-usb-symbolic", N_ ("Disk") },
  { "printer-symbolic", N_ ("Printer") },
};

static void
add_row (GtkWidget *chooser, const char *icon, const char *word)
{
  GtkListStore *store = GTK_LIST_STORE (gtk_combo_box_get_model (GTK_COMBO_BOX (chooser)));

  gtk_list_store_insert_with_values (store, NULL, -1, COLUMN_ICON, icon, COLUMN_WORD, word, -1);
}

/**
 * pf_icon_chooser_new:
 *
 * Returns: (transfer floating): a combo box on which no icon is chosen
 */
GtkWidget *
pf_icon_chooser_new (void)
{
  g_autoptr (GtkListStore) store = gtk_list_store_new (N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING);
  GtkWidget *chooser = gtk_combo_box_new_with_model (GTK_TREE_MODEL (store));
  GtkCellRenderer *picture = gtk_cell_renderer_pixbuf_new ();
  GtkCellRenderer *word = gtk_cell_renderer_text_new ();

  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (chooser), picture, FALSE);
  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (chooser), word, TRUE);
  gtk_cell_layout_add_attribute (GTK_CELL_LAYOUT (chooser), picture, "icon-name", COLUMN_ICON);
  gtk_cell_layout_add_attribute (GTK_CELL_LAYOUT (chooser), word, "text", COLUMN_WORD);
  gtk_combo_box_set_id_column (GTK_COMBO_BOX (chooser), COLUMN_ICON);
  for (guint i = 0; i < G_N_ELEMENTS (icons); i++)
    add_row (chooser, icons[i].icon, _ (icons[i].word));
  gtk_combo_box_set_active (GTK_COMBO_BOX (chooser), 0);
  return chooser;
}

/**
 * pf_icon_chooser_show:
 * @chooser: what pf_icon_chooser_new() has made
 * @icon: a themed icon's name, or ""; one that is not offered is added
 */
void
pf_icon_chooser_show (GtkWidget *chooser, const char *icon)
{
  if (gtk_combo_box_set_active_id (GTK_COMBO_BOX (chooser), icon))
    return;
  add_row (chooser, icon, icon);
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (chooser), icon);
}

/**
 * pf_icon_chooser_get:
 * @chooser: what pf_icon_chooser_new() has made
 *
 * Returns: (transfer full): the icon's name, or ""
 */
char *
pf_icon_chooser_get (GtkWidget *chooser)
{
  const char *icon = gtk_combo_box_get_active_id (GTK_COMBO_BOX (chooser));

  return g_strdup (icon != NULL ? icon : "");
}
