/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-mask-view.h"

#include "pf-mask-text.h"
#include "pf-widgets.h"

/* A value of the routing register as the HOWTOs write it. It reads from left to right in every language. */

/**
 * pf_mask_view_new:
 *
 * Returns: (transfer floating): a view with nothing in it yet
 */
GtkWidget *
pf_mask_view_new (void)
{
  GtkWidget *label = pf_widgets_label (NULL, "pf-mono");

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  gtk_widget_set_halign (label, gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL ? GTK_ALIGN_END
                                                                                        : GTK_ALIGN_START);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  return label;
}

/**
 * pf_mask_view_show:
 * @view: what pf_mask_view_new() has made
 * @value: of the register
 */
void
pf_mask_view_show (GtkWidget *view, guint32 value)
{
  g_autofree char *table = pf_mask_text_table (value);
  g_autofree char *hex = pf_mask_text_hex (value);
  g_autofree char *spoken = pf_mask_text_spoken (value);
  g_autofree char *text = g_strdup_printf ("%s   %s", table, hex);

  gtk_label_set_text (GTK_LABEL (view), text);
  pf_widgets_name (view, spoken);
}
