/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-countdown.h"

#include <glib/gi18n.h>

#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/gdkwayland.h>
#endif
#if PF_HAVE_LAYER_SHELL
#include <gtk-layer-shell.h>
#endif

#include "pf-message.h"

#define MARGIN 18
#define MAX_CHARS 52

/* Some desktops give a new window the keyboard, whoever is typing elsewhere. What is typed then was meant for
 * what had it. */
#define DEAF_USEC G_USEC_PER_SEC

struct _PfCountdown
{
  GtkWindow parent;
  char *label;     /* of the profile */
  gint64 deadline; /* CLOCK_REALTIME in microseconds */
  gint64 whole;    /* how long it was when the window appeared, in microseconds */
  gint64 mapped;   /* when it appeared on the screen, CLOCK_MONOTONIC in microseconds */
  guint timeout_id;
  guint spoken;     /* the seconds that were last said aloud */
  GtkWidget *left;  /* a label: how long */
  GtkWidget *moved; /* a label: what for */
  GtkWidget *bar;
  GtkWidget *keep;
  GtkWidget *revert;
};

G_DEFINE_TYPE (PfCountdown, pf_countdown, GTK_TYPE_WINDOW)

enum
{
  ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Said aloud when the window appears, and then at these: each second would drown everything else. */
static gboolean
is_worth_saying (const PfCountdown *countdown, guint seconds)
{
  static const guint marks[] = { 60, 30, 10, 5 };

  if (countdown->spoken == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (seconds <= marks[i] && countdown->spoken > marks[i])
      return TRUE;
  return FALSE;
}

static void
say (PfCountdown *countdown, const char *text)
{
  AtkObject *accessible = gtk_widget_get_accessible (countdown->left);

  /* Since ATK 2.46. Before, a reader of screens says it when it is asked. */
  if (g_signal_lookup ("announcement", ATK_TYPE_OBJECT) != 0)
    g_signal_emit_by_name (accessible, "announcement", text);
}

static gboolean on_tick (gpointer user_data);

static void
show_time (PfCountdown *countdown)
{
  gint64 left = MAX (countdown->deadline - g_get_real_time (), 0);
  guint seconds = (guint) ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  g_autofree char *text = pf_message_describe_countdown (countdown->label, seconds);

  gtk_label_set_text (GTK_LABEL (countdown->left), text);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (countdown->bar),
                                 countdown->whole > 0 ? (double) left / (double) countdown->whole : 0);
  if (is_worth_saying (countdown, seconds))
    {
      countdown->spoken = seconds;
      say (countdown, text);
    }
  /* Just after the second has changed. At nought the helper acts, and the window waits to be destroyed. */
  countdown->timeout_id
      = left > 0 ? g_timeout_add ((guint) ((left - 1) % G_USEC_PER_SEC / 1000 + 1), on_tick, countdown) : 0;
}

static gboolean
on_tick (gpointer user_data)
{
  show_time (user_data);
  return G_SOURCE_REMOVE;
}

static void
answer (PfCountdown *countdown, gboolean keep)
{
  if (gtk_widget_get_sensitive (countdown->revert))
    g_signal_emit (countdown, signals[ANSWERED], 0, keep);
}

static void
on_keep_clicked (PfCountdown *countdown)
{
  answer (countdown, TRUE);
}

static void
on_revert_clicked (PfCountdown *countdown)
{
  answer (countdown, FALSE);
}

static gboolean
pf_countdown_delete_event (GtkWidget *widget, GdkEventAny *event)
{
  answer (PF_COUNTDOWN (widget), FALSE);
  return GDK_EVENT_STOP;
}

static void
pf_countdown_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pf_countdown_parent_class)->map (widget);
  PF_COUNTDOWN (widget)->mapped = g_get_monotonic_time ();
}

static gboolean
pf_countdown_key_press_event (GtkWidget *widget, GdkEventKey *event)
{
  if (g_get_monotonic_time () - PF_COUNTDOWN (widget)->mapped < DEAF_USEC)
    return GDK_EVENT_STOP;
  if (event->keyval == GDK_KEY_Escape)
    {
      answer (PF_COUNTDOWN (widget), FALSE);
      return GDK_EVENT_STOP;
    }
  return GTK_WIDGET_CLASS (pf_countdown_parent_class)->key_press_event (widget, event);
}

static void
pf_countdown_finalize (GObject *object)
{
  PfCountdown *countdown = PF_COUNTDOWN (object);

  g_clear_handle_id (&countdown->timeout_id, g_source_remove);
  g_free (countdown->label);
  G_OBJECT_CLASS (pf_countdown_parent_class)->finalize (object);
}

static void
pf_countdown_destroy (GtkWidget *widget)
{
  g_clear_handle_id (&PF_COUNTDOWN (widget)->timeout_id, g_source_remove);
  GTK_WIDGET_CLASS (pf_countdown_parent_class)->destroy (widget);
}

static void
pf_countdown_class_init (PfCountdownClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pf_countdown_finalize;
  widget_class->destroy = pf_countdown_destroy;
  widget_class->map = pf_countdown_map;
  widget_class->delete_event = pf_countdown_delete_event;
  widget_class->key_press_event = pf_countdown_key_press_event;
  signals[ANSWERED] = g_signal_new ("answered", PF_TYPE_COUNTDOWN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static GtkWidget *
create_label (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  return label;
}

static GtkWidget *
create_time (PfCountdown *countdown)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  PangoAttrList *attributes = pango_attr_list_new ();

  countdown->left = create_label ();
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (GTK_LABEL (countdown->left), attributes);
  pango_attr_list_unref (attributes);
  countdown->moved = create_label ();
  gtk_widget_set_no_show_all (countdown->moved, TRUE);
  countdown->bar = gtk_progress_bar_new ();
  atk_object_set_name (gtk_widget_get_accessible (countdown->bar), _ ("Time left"));
  gtk_container_add (GTK_CONTAINER (box), countdown->left);
  gtk_container_add (GTK_CONTAINER (box), countdown->moved);
  gtk_container_add (GTK_CONTAINER (box), countdown->bar);
  return box;
}

static GtkWidget *
create_buttons (PfCountdown *countdown)
{
  GtkWidget *buttons = gtk_button_box_new (GTK_ORIENTATION_HORIZONTAL);

  gtk_button_box_set_layout (GTK_BUTTON_BOX (buttons), GTK_BUTTONBOX_END);
  gtk_box_set_spacing (GTK_BOX (buttons), 6);
  countdown->revert = gtk_button_new_with_mnemonic (_ ("_Revert"));
  countdown->keep = gtk_button_new_with_mnemonic (_ ("_Keep this"));
  gtk_container_add (GTK_CONTAINER (buttons), countdown->revert);
  gtk_container_add (GTK_CONTAINER (buttons), countdown->keep);
  g_signal_connect_swapped (countdown->revert, "clicked", G_CALLBACK (on_revert_clicked), countdown);
  g_signal_connect_swapped (countdown->keep, "clicked", G_CALLBACK (on_keep_clicked), countdown);
  return buttons;
}

#if PF_HAVE_LAYER_SHELL && defined GDK_WINDOWING_WAYLAND
static gboolean
on_pressed (GtkWindow *window)
{
  gtk_layer_set_keyboard_mode (window, GTK_LAYER_SHELL_KEYBOARD_MODE_ON_DEMAND);
  return GDK_EVENT_PROPAGATE;
}
#endif

/* On X11 a window asks for it. On Wayland it has to belong to the shell, where the compositor lets it (sway,
 * Hyprland, Plasma and others, not GNOME). It wants the keyboard when it was clicked on, not before: sway 1.7
 * gives it at once to who wants it "on demand", and takes it from who types. */
static void
stay_above_all (GtkWindow *window)
{
  gtk_window_set_keep_above (window, TRUE);
  gtk_window_stick (window);
#if PF_HAVE_LAYER_SHELL && defined GDK_WINDOWING_WAYLAND
  if (!GDK_IS_WAYLAND_DISPLAY (gdk_display_get_default ()) || !gtk_layer_is_supported ())
    return;
  gtk_layer_init_for_window (window);
  gtk_layer_set_namespace (window, "portferry");
  gtk_layer_set_layer (window, GTK_LAYER_SHELL_LAYER_OVERLAY);
  gtk_layer_set_keyboard_mode (window, GTK_LAYER_SHELL_KEYBOARD_MODE_NONE);
  g_signal_connect (window, "button-press-event", G_CALLBACK (on_pressed), NULL);
#endif
}

static void
pf_countdown_init (PfCountdown *countdown)
{
  GtkWindow *window = GTK_WINDOW (countdown);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_window_set_title (window, _ ("Keep this?"));
  gtk_window_set_type_hint (window, GDK_WINDOW_TYPE_HINT_DIALOG);
  gtk_window_set_resizable (window, FALSE);
  gtk_window_set_position (window, GTK_WIN_POS_CENTER_ALWAYS);
  stay_above_all (window);
  gtk_window_set_urgency_hint (window, TRUE);
  gtk_window_set_focus_on_map (window, FALSE);
  atk_object_set_role (gtk_widget_get_accessible (GTK_WIDGET (countdown)), ATK_ROLE_ALERT);
  g_object_set (box, "margin", MARGIN, NULL);
  gtk_container_add (GTK_CONTAINER (box), create_time (countdown));
  gtk_container_add (GTK_CONTAINER (box), create_buttons (countdown));
  gtk_container_add (GTK_CONTAINER (window), box);
  gtk_widget_show_all (box);
  gtk_window_set_focus (window, countdown->revert);
}

/**
 * pf_countdown_new:
 * @label: what people call the profile
 * @deadline: when it goes back, CLOCK_REALTIME in microseconds
 *
 * Returns: (transfer floating): the window, not shown yet
 */
GtkWidget *
pf_countdown_new (const char *label, gint64 deadline)
{
  PfCountdown *countdown = g_object_new (PF_TYPE_COUNTDOWN, NULL);

  countdown->label = g_strdup (label);
  countdown->deadline = deadline;
  countdown->whole = deadline - g_get_real_time ();
  show_time (countdown);
  return GTK_WIDGET (countdown);
}

/**
 * pf_countdown_set_moved:
 * @countdown: a countdown
 * @moved: (nullable): what moved, in words
 */
void
pf_countdown_set_moved (PfCountdown *countdown, const char *moved)
{
  gtk_label_set_text (GTK_LABEL (countdown->moved), moved != NULL ? moved : "");
  gtk_widget_set_visible (countdown->moved, moved != NULL);
}

/**
 * pf_countdown_set_answering:
 * @countdown: a countdown
 * @answering: whether an answer was given and is on its way; FALSE when it has not arrived
 */
void
pf_countdown_set_answering (PfCountdown *countdown, gboolean answering)
{
  gtk_widget_set_sensitive (countdown->keep, !answering);
  gtk_widget_set_sensitive (countdown->revert, !answering);
}
