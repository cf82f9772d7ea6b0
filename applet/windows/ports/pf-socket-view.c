/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-socket-view.h"

#include <glib/gi18n.h>

#include "pf-plastic.h"
#include "pf-widgets.h"

#define LIT_MS 3000
#define TITLE_CHARS 22
#define SPEED_CHARS 10
/* All tiles are as wide, whatever stands on them. They grow where there is room. */
#define LINE_CHARS 32
#define SCROLL_MARGIN 6

struct _PfSocketView
{
  GtkFlowBoxChild parent;
  char *key;
  gboolean can_pick;
  gboolean picked;
  PfSocket *socket; /* (nullable) */
  GtkWidget *frame;
  GtkWidget *picture;
  GtkWidget *title;
  GtkWidget *speed;
  GtkWidget *devices;
  GtkWidget *position;
  GtkWidget *badge;
  GtkWidget *badge_icon;
  GtkWidget *badge_word;
  GtkWidget *check; /* drawn only: the tile itself is what is chosen */
  guint lit_id;
  guint scroll_id;
};

G_DEFINE_TYPE (PfSocketView, pf_socket_view, GTK_TYPE_FLOW_BOX_CHILD)

/* Four contacts for the USB2 half; five more above them for the other. */
static void
draw_contacts (cairo_t *cairo, double x, double y, double width, guint n)
{
  double step = width / n;

  for (guint i = 0; i < n; i++)
    cairo_rectangle (cairo, x + step * (i + 0.25), y, step * 0.5, 2);
  cairo_fill (cairo);
}

/* The tongue, in the colour of the plastic, which may be that of the paper: so it has an edge. */
static void
draw_tongue (cairo_t *cairo, const PfSocket *socket, const GdkRGBA *ink, double width, double height)
{
  guint32 rgb = pf_plastic_find (socket->colour)->rgb;

  cairo_rectangle (cairo, 5.5, 5.5, width - 11, height);
  cairo_set_source_rgb (cairo, (rgb >> 16) / 255.0, ((rgb >> 8) & 0xff) / 255.0, (rgb & 0xff) / 255.0);
  cairo_fill_preserve (cairo);
  cairo_set_line_width (cairo, 1);
  gdk_cairo_set_source_rgba (cairo, ink);
  cairo_stroke (cairo);
}

/* What is plugged in: the end of a plug, with its two holes. */
static void
draw_plug (cairo_t *cairo, double width, double height)
{
  double hole = 5, y = height - 14;

  cairo_set_fill_rule (cairo, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_rectangle (cairo, 5, y - 4, width - 10, 14 - 1);
  cairo_rectangle (cairo, width / 2 - 3 - hole, y, hole, hole);
  cairo_rectangle (cairo, width / 2 + 3, y, hole, hole);
  cairo_fill (cairo);
}

/* A socket from the front: its shell, the tongue, and the contacts or what is plugged in. */
static gboolean
on_draw (GtkWidget *picture, cairo_t *cairo, PfSocketView *view)
{
  double width = gtk_widget_get_allocated_width (picture) - 2;
  double height = gtk_widget_get_allocated_height (picture) - 2;
  GtkStyleContext *context = gtk_widget_get_style_context (picture);
  GdkRGBA ink;

  if (view->socket == NULL)
    return GDK_EVENT_PROPAGATE;
  gtk_style_context_get_color (context, gtk_style_context_get_state (context), &ink);
  cairo_translate (cairo, 1, 1);
  cairo_set_line_width (cairo, 2);
  gdk_cairo_set_source_rgba (cairo, &ink);
  cairo_rectangle (cairo, 1, 1, width - 2, height - 2);
  cairo_stroke (cairo);
  if (view->socket->devices->len > 0)
    {
      draw_tongue (cairo, view->socket, &ink, width, 4);
      draw_plug (cairo, width, height);
      return GDK_EVENT_PROPAGATE;
    }
  draw_tongue (cairo, view->socket, &ink, width, height - 22);
  draw_contacts (cairo, 6, height - 8, width - 12, 4);
  if (view->socket->super_speed > 0)
    draw_contacts (cairo, 6, height - 13, width - 12, 5);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_lit_over (gpointer user_data)
{
  PfSocketView *view = user_data;

  view->lit_id = 0;
  pf_widgets_set_class (view->frame, "pf-lit", FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_scroll (gpointer user_data)
{
  PfSocketView *view = user_data;
  GtkWidget *port = gtk_widget_get_ancestor (GTK_WIDGET (view), GTK_TYPE_VIEWPORT);
  GtkAdjustment *place = port != NULL ? gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (port)) : NULL;
  int y;

  view->scroll_id = 0;
  if (place == NULL || !gtk_widget_translate_coordinates (GTK_WIDGET (view), port, 0, 0, NULL, &y))
    return G_SOURCE_REMOVE;
  y += (int) gtk_adjustment_get_value (place);
  gtk_adjustment_clamp_page (place, y - SCROLL_MARGIN,
                             y + gtk_widget_get_allocated_height (GTK_WIDGET (view)) + SCROLL_MARGIN);
  return G_SOURCE_REMOVE;
}

/* Into view, as soon as everything has its place. */
static void
scroll_to (PfSocketView *view)
{
  if (view->scroll_id == 0)
    view->scroll_id = g_idle_add (on_scroll, view);
}

/* Arrows lead on to tiles that are out of sight. */
static gboolean
pf_socket_view_focus_in_event (GtkWidget *widget, GdkEventFocus *event)
{
  scroll_to (PF_SOCKET_VIEW (widget));
  return GTK_WIDGET_CLASS (pf_socket_view_parent_class)->focus_in_event (widget, event);
}

/* What is picked is a state of the tile, for a screen reader too. */
static void
update_name (PfSocketView *view)
{
  g_autofree char *words = pf_socket_describe (view->socket);
  g_autofree char *name = NULL;

  if (!view->can_pick)
    name = g_steal_pointer (&words);
  else if (view->picked)
    /* Translators: a socket in a picture to choose from, for a screen reader; %s describes it */
    name = g_strdup_printf (_ ("For the guest: %s"), words);
  else
    /* Translators: a socket in a picture to choose from, for a screen reader; %s describes it */
    name = g_strdup_printf (_ ("For the host: %s"), words);
  pf_widgets_name (GTK_WIDGET (view), name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (view), name); /* lines that are too long give way */
  if (view->can_pick)
    {
      g_autofree char *title = pf_socket_get_title (view->socket);
      /* Translators: a check mark on a socket, for a screen reader */
      g_autofree char *mark = g_strdup_printf (_ ("%s for the guest"), title);

      pf_widgets_name (view->check, mark);
    }
}

static void
update_badge (PfSocketView *view)
{
  static const char *const icons[] = { [PF_OWNER_HOST] = "org.portferry.Portferry-home-symbolic",
                                       [PF_OWNER_GUEST] = "org.portferry.Portferry-lent-symbolic",
                                       [PF_OWNER_NOBODY] = "org.portferry.Portferry-absent-symbolic" };
  PfOwner owner = view->socket->has_usb2 ? view->socket->owner : view->socket->super_speed_owner;
  g_autofree char *word = g_strdup (pf_owner_get_word (owner));

  if (pf_socket_is_split (view->socket))
    {
      g_free (word);
      /* Translators: who has the halves of one socket: "Guest / Host" */
      word = g_strdup_printf (_ ("%s / %s"), pf_owner_get_word (owner),
                              pf_owner_get_word (view->socket->super_speed_owner));
    }
  gtk_label_set_text (GTK_LABEL (view->badge_word), word);
  gtk_image_set_from_icon_name (GTK_IMAGE (view->badge_icon), icons[owner], GTK_ICON_SIZE_MENU);
  pf_widgets_set_class (view->badge, "pf-badge-host", owner == PF_OWNER_HOST);
  pf_widgets_set_class (view->badge, "pf-badge-guest", owner == PF_OWNER_GUEST);
  pf_widgets_set_class (view->badge, "pf-badge-nobody", owner == PF_OWNER_NOBODY);
  pf_widgets_set_class (view->frame, "pf-guest", owner == PF_OWNER_GUEST && !view->can_pick);
}

/**
 * pf_socket_view_show_socket:
 * @view: a tile
 * @socket: what it shows from now on
 */
void
pf_socket_view_show_socket (PfSocketView *view, const PfSocket *socket)
{
  g_autofree char *title = pf_socket_get_title (socket);
  g_autofree char *devices = pf_socket_describe_devices (socket);
  g_autofree char *position = pf_socket_describe_position (socket);

  g_clear_pointer (&view->socket, pf_socket_free);
  view->socket = pf_socket_copy (socket);
  gtk_label_set_text (GTK_LABEL (view->title), title);
  gtk_label_set_text (GTK_LABEL (view->speed), pf_socket_describe_speed (socket));
  gtk_label_set_text (GTK_LABEL (view->devices), devices);
  gtk_label_set_text (GTK_LABEL (view->position), position);
  pf_widgets_set_class (view->frame, "pf-occupied", socket->devices->len > 0);
  pf_widgets_set_class (view->devices, "pf-title", socket->devices->len > 0);
  update_badge (view);
  update_name (view);
  gtk_widget_queue_draw (view->picture);
}

/**
 * pf_socket_view_show_picked:
 * @view: a tile of a picture to choose from
 * @picked: whether the guest shall have the socket
 */
void
pf_socket_view_show_picked (PfSocketView *view, gboolean picked)
{
  view->picked = picked;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (view->check), picked);
  pf_widgets_set_class (view->frame, "pf-picked", picked);
  update_name (view);
}

/**
 * pf_socket_view_light:
 * @view: a tile
 *
 * Makes it stand out for a while, and brings it into view: something was plugged in.
 */
void
pf_socket_view_light (PfSocketView *view)
{
  pf_widgets_set_class (view->frame, "pf-lit", TRUE);
  g_clear_handle_id (&view->lit_id, g_source_remove);
  view->lit_id = g_timeout_add (LIT_MS, on_lit_over, view);
  scroll_to (view);
}

const char *
pf_socket_view_get_key (PfSocketView *view)
{
  return view->key;
}

static GtkWidget *
create_badge (PfSocketView *view)
{
  view->badge = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  view->badge_icon = gtk_image_new ();
  view->badge_word = gtk_label_new (NULL);
  pf_widgets_set_class (view->badge, "pf-badge", TRUE);
  gtk_widget_set_valign (view->badge, GTK_ALIGN_CENTER);
  gtk_container_add (GTK_CONTAINER (view->badge), view->badge_icon);
  gtk_container_add (GTK_CONTAINER (view->badge), view->badge_word);
  return view->badge;
}

/* A click on the mark is one on the tile. */
static void
on_check_toggled (GtkToggleButton *check, PfSocketView *view)
{
  if (gtk_toggle_button_get_active (check) != view->picked)
    gtk_widget_activate (GTK_WIDGET (view));
}

/* The tile takes the focus; the mark only shows what is chosen. */
static GtkWidget *
create_check (PfSocketView *view)
{
  view->check = gtk_check_button_new_with_label (_ ("Guest"));
  gtk_widget_set_can_focus (view->check, FALSE);
  gtk_widget_set_valign (view->check, GTK_ALIGN_CENTER);
  g_signal_connect (view->check, "toggled", G_CALLBACK (on_check_toggled), view);
  return view->check;
}

static GtkWidget *
create_line (const char *style_class, int chars)
{
  GtkWidget *line = pf_widgets_label (NULL, style_class);

  gtk_label_set_width_chars (GTK_LABEL (line), chars);
  gtk_label_set_max_width_chars (GTK_LABEL (line), chars);
  return line;
}

/* Beside the picture: what it is called, how fast it is, and whose it is. */
static GtkWidget *
create_words (PfSocketView *view)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  view->title = create_line ("pf-title", TITLE_CHARS);
  view->speed = create_line (NULL, SPEED_CHARS);
  /* The badge belongs to the tile also where it is not shown, so that there is one way to update a tile. */
  g_object_ref_sink (create_badge (view));
  gtk_box_pack_start (GTK_BOX (row), view->speed, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (row), view->can_pick ? create_check (view) : view->badge);
  gtk_container_add (GTK_CONTAINER (words), view->title);
  gtk_container_add (GTK_CONTAINER (words), row);
  gtk_widget_set_hexpand (words, TRUE);
  return words;
}

static void
build (PfSocketView *view)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  view->frame = box;
  view->picture = gtk_drawing_area_new ();
  gtk_widget_set_size_request (view->picture, 40, 34);
  gtk_widget_set_valign (view->picture, GTK_ALIGN_CENTER);
  g_signal_connect (view->picture, "draw", G_CALLBACK (on_draw), view);
  view->devices = create_line (NULL, LINE_CHARS);
  view->position = create_line (NULL, LINE_CHARS);
  gtk_container_add (GTK_CONTAINER (top), view->picture);
  gtk_container_add (GTK_CONTAINER (top), create_words (view));
  gtk_container_add (GTK_CONTAINER (box), top);
  gtk_container_add (GTK_CONTAINER (box), view->devices);
  gtk_container_add (GTK_CONTAINER (box), view->position);
  pf_widgets_set_class (box, "pf-socket", TRUE);
  pf_widgets_set_class (GTK_WIDGET (view), "pf-tile", TRUE);
  gtk_container_add (GTK_CONTAINER (view), box);
}

static void
pf_socket_view_destroy (GtkWidget *widget)
{
  PfSocketView *view = PF_SOCKET_VIEW (widget);

  g_clear_handle_id (&view->lit_id, g_source_remove);
  g_clear_handle_id (&view->scroll_id, g_source_remove);
  GTK_WIDGET_CLASS (pf_socket_view_parent_class)->destroy (widget);
}

static void
pf_socket_view_finalize (GObject *object)
{
  PfSocketView *view = PF_SOCKET_VIEW (object);

  g_clear_pointer (&view->socket, pf_socket_free);
  g_clear_object (&view->badge);
  g_free (view->key);
  G_OBJECT_CLASS (pf_socket_view_parent_class)->finalize (object);
}

static void
pf_socket_view_class_init (PfSocketViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_socket_view_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = pf_socket_view_destroy;
  GTK_WIDGET_CLASS (klass)->focus_in_event = pf_socket_view_focus_in_event;
}

static void
pf_socket_view_init (PfSocketView *view)
{
}

/**
 * pf_socket_view_new:
 * @key: names the socket
 * @can_pick: whether it can be chosen
 *
 * Returns: (transfer floating): a tile with nothing on it yet
 */
GtkWidget *
pf_socket_view_new (const char *key, gboolean can_pick)
{
  PfSocketView *view = g_object_new (PF_TYPE_SOCKET_VIEW, NULL);

  view->key = g_strdup (key);
  view->can_pick = can_pick;
  build (view);
  return GTK_WIDGET (view);
}
