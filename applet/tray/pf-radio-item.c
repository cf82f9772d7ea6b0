/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-radio-item.h"

struct _PfRadioItem
{
  GtkCheckMenuItem parent;
  gboolean showing; /* pf_radio_item_show_active() is at work */
};

G_DEFINE_TYPE (PfRadioItem, pf_radio_item, GTK_TYPE_CHECK_MENU_ITEM)

/* GTK changes the mark in this handler, whether a person or a program activates the item. */
static void
pf_radio_item_activate (GtkMenuItem *menu_item)
{
  if (PF_RADIO_ITEM (menu_item)->showing)
    GTK_MENU_ITEM_CLASS (pf_radio_item_parent_class)->activate (menu_item);
}

static void
pf_radio_item_class_init (PfRadioItemClass *klass)
{
  GTK_MENU_ITEM_CLASS (klass)->activate = pf_radio_item_activate;
}

static void
pf_radio_item_init (PfRadioItem *item)
{
  gtk_check_menu_item_set_draw_as_radio (GTK_CHECK_MENU_ITEM (item), TRUE);
  atk_object_set_role (gtk_widget_get_accessible (GTK_WIDGET (item)), ATK_ROLE_RADIO_MENU_ITEM);
}

GtkWidget *
pf_radio_item_new (void)
{
  return g_object_new (PF_TYPE_RADIO_ITEM, NULL);
}

/**
 * pf_radio_item_show_active:
 * @item: an item
 * @active: whether it is the one in force
 *
 * Sets the mark. GTK emits GtkMenuItem::activate here, too; pf_radio_item_is_showing() tells handlers apart.
 */
void
pf_radio_item_show_active (PfRadioItem *item, gboolean active)
{
  item->showing = TRUE;
  gtk_check_menu_item_set_active (GTK_CHECK_MENU_ITEM (item), active);
  item->showing = FALSE;
}

/**
 * pf_radio_item_is_showing:
 * @item: an item
 *
 * Returns: whether it is being activated by pf_radio_item_show_active(), and not by a person
 */
gboolean
pf_radio_item_is_showing (PfRadioItem *item)
{
  return item->showing;
}
