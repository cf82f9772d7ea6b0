/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-widgets.h"

#include <glib/gi18n.h>

#include "pf-theme.h"

#define LABEL "pf-label"
#define CONTROL "pf-control"
#define FRAME 12

/* Small things that every window makes. */

/**
 * pf_widgets_label:
 * @text: what it says
 * @style_class: (nullable): how it looks
 *
 * Returns: (transfer floating): a line of text at the start of its place, whose end gives way where it is too
 * long
 */
GtkWidget *
pf_widgets_label (const char *text, const char *style_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (style_class != NULL)
    pf_widgets_set_class (label, style_class, TRUE);
  return label;
}

/**
 * pf_widgets_paragraph:
 * @text: sentences
 *
 * Returns: (transfer floating): the text, broken into as many lines as it needs
 */
GtkWidget *
pf_widgets_paragraph (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);
  return label;
}

GtkWidget *
pf_widgets_scroll (GtkWidget *child)
{
  GtkWidget *scroll = gtk_scrolled_window_new (NULL, NULL);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_container_add (GTK_CONTAINER (scroll), child);
  gtk_widget_set_hexpand (scroll, TRUE);
  gtk_widget_set_vexpand (scroll, TRUE);
  return scroll;
}

static void
name_button (GtkWidget *widget, gpointer name)
{
  if (GTK_IS_BUTTON (widget))
    pf_widgets_name (widget, name);
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), name_button, name);
}

/* A widget's own button that shows a mere sign is called nothing, and takes the keyboard all the same: the
 * cross of a bar, the arrow of a combo box. */
static void
name_buttons (GtkWidget *widget, const char *name)
{
  gtk_container_forall (GTK_CONTAINER (widget), name_button, (gpointer) name);
}

/**
 * pf_widgets_row:
 * @mnemonic: what the control is for, with its letter underlined
 * @control: an entry, a combo box ...
 *
 * Returns: (transfer floating): both in a row; the label names the control
 */
GtkWidget *
pf_widgets_row (const char *mnemonic, GtkWidget *control)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new_with_mnemonic (mnemonic);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), control);
  /* The relation of the two is known to screen readers; that entries and combo boxes have a name is not. */
  pf_widgets_name (control, gtk_label_get_text (GTK_LABEL (label)));
  if (GTK_IS_COMBO_BOX (control))
    name_buttons (control, gtk_label_get_text (GTK_LABEL (label)));
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_container_add (GTK_CONTAINER (row), label);
  gtk_container_add (GTK_CONTAINER (row), control);
  g_object_set_data (G_OBJECT (row), LABEL, label);
  g_object_set_data (G_OBJECT (row), CONTROL, control);
  return row;
}

static void
align (GtkContainer *form, GtkSizeGroup *labels, GtkSizeGroup *controls)
{
  g_autoptr (GList) children = gtk_container_get_children (form);

  for (GList *child = children; child != NULL; child = child->next)
    {
      GtkWidget *control = g_object_get_data (child->data, CONTROL);

      if (control != NULL)
        {
          gtk_size_group_add_widget (labels, g_object_get_data (child->data, LABEL));
          gtk_size_group_add_widget (controls, control);
        }
      else if (GTK_IS_BOX (child->data))
        align (child->data, labels, controls);
    }
}

/**
 * pf_widgets_align_rows:
 * @form: a box with rows that pf_widgets_row() has made, be it in further boxes
 *
 * Makes columns of them: all labels are as wide, and so are all controls.
 */
void
pf_widgets_align_rows (GtkContainer *form)
{
  g_autoptr (GtkSizeGroup) labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  g_autoptr (GtkSizeGroup) controls = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  align (form, labels, controls);
}

/**
 * pf_widgets_header_button:
 * @window: a window that pf_widgets_set_up_window() has prepared
 * @mnemonic: names it by its deed
 * @side: where in the header it stands
 * @suggested: whether it is what one will most likely want
 *
 * Returns: (transfer none): the new button
 */
GtkWidget *
pf_widgets_header_button (GtkWindow *window, const char *mnemonic, GtkPackType side, gboolean suggested)
{
  GtkHeaderBar *header = GTK_HEADER_BAR (gtk_window_get_titlebar (window));
  GtkWidget *button = gtk_button_new_with_mnemonic (mnemonic);

  if (suggested)
    {
      pf_widgets_set_class (button, GTK_STYLE_CLASS_SUGGESTED_ACTION, TRUE);
      gtk_widget_set_can_default (button, TRUE);
    }
  if (side == GTK_PACK_START)
    gtk_header_bar_pack_start (header, button);
  else
    gtk_header_bar_pack_end (header, button);
  return button;
}

/**
 * pf_widgets_name:
 * @widget: a widget
 * @name: what a screen reader calls it
 */
void
pf_widgets_name (GtkWidget *widget, const char *name)
{
  atk_object_set_name (gtk_widget_get_accessible (widget), name);
}

void
pf_widgets_set_class (GtkWidget *widget, const char *style_class, gboolean on)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  if (on)
    gtk_style_context_add_class (context, style_class);
  else
    gtk_style_context_remove_class (context, style_class);
}

void
pf_widgets_clear (GtkContainer *container)
{
  g_autoptr (GList) children = gtk_container_get_children (container);

  for (GList *child = children; child != NULL; child = child->next)
    gtk_widget_destroy (child->data);
}

static gboolean
on_key (GtkWidget *window, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  gtk_window_close (GTK_WINDOW (window));
  return GDK_EVENT_STOP;
}

/* Not larger than the screen, which at 200 % may be small. */
static void
set_size (GtkWindow *window, int width, int height)
{
  GdkDisplay *display = gdk_display_get_default ();
  GdkMonitor *monitor = gdk_display_get_primary_monitor (display);
  GdkRectangle area;
  int header;

  if (monitor == NULL)
    monitor = gdk_display_get_monitor (display, 0);
  if (monitor == NULL)
    return;
  gdk_monitor_get_workarea (monitor, &area);
  /* What GTK calls the size does not include the header and the frame. */
  gtk_widget_get_preferred_height (gtk_window_get_titlebar (window), NULL, &header);
  gtk_window_set_default_size (window, MIN (width, area.width - FRAME),
                               MIN (height, area.height - header - FRAME));
}

/**
 * pf_widgets_set_up_window:
 * @window: an empty window
 * @title: its title
 * @width: how wide it should be, where the screen has room
 * @height: how high
 *
 * Gives it a header bar, our style, and Escape to close it.
 */
void
pf_widgets_set_up_window (GtkWindow *window, const char *title, int width, int height)
{
  GtkWidget *header = gtk_header_bar_new ();

  pf_theme_install ();
  pf_widgets_set_class (header, "pf-header", TRUE);
  gtk_header_bar_set_show_close_button (GTK_HEADER_BAR (header), TRUE);
  gtk_header_bar_set_title (GTK_HEADER_BAR (header), title);
  gtk_widget_show (header);
  gtk_window_set_titlebar (window, header);
  gtk_window_set_title (window, title);
  set_size (window, width, height);
  g_signal_connect (window, "key-press-event", G_CALLBACK (on_key), NULL);
}

static void
on_info_bar_response (GtkInfoBar *bar)
{
  gtk_info_bar_set_revealed (bar, FALSE);
  gtk_widget_hide (GTK_WIDGET (bar));
}

/**
 * pf_widgets_info_bar:
 *
 * Returns: (transfer floating): a bar for pf_widgets_show_message(), that is not seen until then
 */
GtkWidget *
pf_widgets_info_bar (void)
{
  GtkWidget *bar = gtk_info_bar_new ();
  GtkWidget *label = pf_widgets_paragraph (NULL);

  gtk_container_add (GTK_CONTAINER (gtk_info_bar_get_content_area (GTK_INFO_BAR (bar))), label);
  gtk_widget_show (label);
  g_object_set_data (G_OBJECT (bar), LABEL, label);
  gtk_info_bar_set_message_type (GTK_INFO_BAR (bar), GTK_MESSAGE_WARNING);
  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (bar), TRUE);
  name_buttons (bar, _ ("Close"));
  gtk_widget_set_no_show_all (bar, TRUE);
  g_signal_connect (bar, "response", G_CALLBACK (on_info_bar_response), NULL);
  return bar;
}

/**
 * pf_widgets_show_message:
 * @bar: what pf_widgets_info_bar() has made
 * @text: (nullable): what to say; NULL for nothing
 */
void
pf_widgets_show_message (GtkInfoBar *bar, const char *text)
{
  if (text == NULL)
    {
      gtk_widget_hide (GTK_WIDGET (bar));
      return;
    }
  gtk_label_set_text (g_object_get_data (G_OBJECT (bar), LABEL), text);
  gtk_widget_show (GTK_WIDGET (bar));
  gtk_info_bar_set_revealed (bar, TRUE);
}
