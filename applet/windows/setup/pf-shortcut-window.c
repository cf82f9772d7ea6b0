/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-window.h"

#include <glib/gi18n.h>

#include "pf-key-field.h"
#include "pf-profile.h"
#include "pf-shortcut.h"
#include "pf-widgets.h"

#define WIDTH 620
#define HEIGHT 440
#define TOGGLE "portferryctl toggle"
#define HOME "portferryctl home"

struct _PfShortcutWindow
{
  GtkApplicationWindow parent;
  PfClient *client;     /* (nullable): NULL once the window is gone */
  PfShortcut *shortcut; /* (nullable): until the desktop is known */
  PfPortalKeys *portal_keys;
  GtkWidget *bar;
  GtkWidget *desktop;
  GtkWidget *none;
  GtkWidget *list;
  GtkWidget *action;
  GtkWidget *keys;
  GtkWidget *set;
  GtkWidget *in_spite;
  GtkWidget *lines;
  GtkWidget *lines_box;
};

G_DEFINE_TYPE (PfShortcutWindow, pf_shortcut_window, GTK_TYPE_APPLICATION_WINDOW)

static gboolean
is_known (PfShortcutWindow *window)
{
  return window->shortcut != NULL && pf_shortcut_get_id (window->shortcut) != NULL;
}

/* Then the desktop says which keys they are, and they work while we run. */
static gboolean
is_portal (PfShortcutWindow *window)
{
  return is_known (window) && g_str_equal (pf_shortcut_get_id (window->shortcut), PF_SHORTCUT_PORTAL);
}

static void
show_error (PfShortcutWindow *window, const GError *error)
{
  pf_widgets_show_message (GTK_INFO_BAR (window->bar), error != NULL ? error->message : NULL);
}

/* --- What there is --- */

static void list_all (PfShortcutWindow *window);

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfShortcutWindow) window = user_data;
  g_autoptr (GError) error = NULL;

  pf_shortcut_remove_finish (PF_SHORTCUT (source), result, &error);
  if (window->client == NULL)
    return;
  show_error (window, error);
  list_all (window);
}

static void
on_remove_clicked (GtkButton *button, gpointer user_data)
{
  PfShortcutWindow *window = user_data;
  const char *command = g_object_get_data (G_OBJECT (button), "command");

  pf_shortcut_remove_async (window->shortcut, command, on_removed, g_object_ref (window));
}

/* Returns: (transfer full): the keys, in the words of the desktop where that has given them, maybe others
 * than were wished */
static char *
describe_keys (PfShortcutWindow *window, const PfShortcutEntry *entry)
{
  const char *trigger = NULL;
  g_autofree char *wish = pf_accel_to_words (entry->accel);

  if (!is_portal (window))
    return g_steal_pointer (&wish);
  trigger = pf_portal_keys_get_trigger (window->portal_keys, entry->command);
  if (trigger == NULL)
    /* Translators: "Super+F12 (not in force)" */
    return g_strdup_printf (_ ("%s (not in force)"), wish);
  return g_strdup (*trigger != '\0' ? trigger : _ ("no keys yet"));
}

static GtkWidget *
create_row (PfShortcutWindow *window, const PfShortcutEntry *entry)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *button = gtk_button_new_with_label (_ ("Remove"));
  g_autofree char *keys = describe_keys (window, entry);
  g_autofree char *what = pf_shortcut_describe_command (entry->command);
  /* Translators: what a button removes: "Remove Super+F12" */
  g_autofree char *name = g_strdup_printf (_ ("Remove %s"), keys);
  g_autofree char *row_name = g_strdup_printf ("%s: %s", keys, what);

  g_object_set (box, "margin", 6, NULL);
  gtk_container_add (GTK_CONTAINER (box), pf_widgets_label (keys, "pf-title"));
  gtk_container_add (GTK_CONTAINER (box), pf_widgets_label (what, NULL));
  gtk_box_pack_end (GTK_BOX (box), button, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  pf_widgets_name (row, row_name);
  pf_widgets_name (button, name);
  g_object_set_data_full (G_OBJECT (button), "command", g_strdup (entry->command), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove_clicked), window, 0);
  gtk_widget_show_all (row);
  return row;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfShortcutWindow) window = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = pf_shortcut_list_finish (PF_SHORTCUT (source), result, &error);

  if (window->client == NULL)
    return;
  pf_widgets_clear (GTK_CONTAINER (window->list));
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    gtk_container_add (GTK_CONTAINER (window->list), create_row (window, g_ptr_array_index (entries, i)));
  gtk_widget_set_visible (window->list, entries != NULL && entries->len > 0);
  gtk_widget_set_visible (window->none, entries != NULL && entries->len == 0);
  if (entries == NULL)
    show_error (window, error);
}

static void
list_all (PfShortcutWindow *window)
{
  if (is_known (window))
    pf_shortcut_list_async (window->shortcut, on_listed, g_object_ref (window));
}

/* The portal's answer comes later, when a person has given it. */
static void
on_portal_changed (PfShortcutWindow *window)
{
  const char *problem = pf_portal_keys_get_problem (window->portal_keys);

  if (!is_portal (window))
    return;
  pf_widgets_show_message (GTK_INFO_BAR (window->bar), problem);
  list_all (window);
}

/* --- Another one --- */

/* Returns: (transfer none): the command that is chosen */
static const char *
get_command (PfShortcutWindow *window)
{
  return gtk_combo_box_get_active_id (GTK_COMBO_BOX (window->action));
}

/* Lines to copy for what is chosen, and whether it can be set. */
static void
on_choice_changed (PfShortcutWindow *window)
{
  g_autoptr (PfAccel) accel = pf_key_field_get_accel (PF_KEY_FIELD (window->keys), NULL);
  g_autofree char *text = NULL;

  gtk_widget_set_sensitive (window->set, accel != NULL && is_known (window));
  gtk_widget_hide (window->in_spite);
  if (accel == NULL)
    accel = pf_accel_parse_loosely ("Super+F12");
  text = pf_shortcut_describe_lines (accel, get_command (window));
  gtk_label_set_text (GTK_LABEL (window->lines), g_strchomp (text));
}

static void
on_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfShortcutWindow) window = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = pf_shortcut_set_finish (PF_SHORTCUT (source), result, &error);

  if (window->client == NULL)
    return;
  show_error (window, error);
  gtk_widget_set_visible (window->in_spite, g_error_matches (error, PF_ERROR, PF_ERROR_OBJECTION));
  if (done)
    list_all (window);
}

static void
set (PfShortcutWindow *window, gboolean in_spite)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfAccel) accel = pf_key_field_get_accel (PF_KEY_FIELD (window->keys), &error);
  const char *command = get_command (window);
  g_autofree char *label = pf_shortcut_describe_command (command);

  if (accel == NULL)
    show_error (window, error);
  else
    pf_shortcut_set_async (window->shortcut, accel, command, label, in_spite, on_set, g_object_ref (window));
}

static void
on_set_clicked (PfShortcutWindow *window)
{
  set (window, FALSE);
}

static void
on_in_spite_clicked (PfShortcutWindow *window)
{
  set (window, TRUE);
}

/* --- The profiles that can be switched to --- */

static void
fill_actions (PfShortcutWindow *window)
{
  GtkComboBoxText *combo = GTK_COMBO_BOX_TEXT (window->action);
  g_autoptr (GPtrArray) profiles = NULL;
  g_autofree char *chosen = g_strdup (get_command (window));

  gtk_combo_box_text_remove_all (combo);
  gtk_combo_box_text_append (combo, TOGGLE, _ ("Switch back and forth"));
  gtk_combo_box_text_append (combo, HOME, _ ("Bring everything home"));
  profiles = pf_client_list_profiles (window->client);
  for (guint i = 0; i < profiles->len; i++)
    {
      const char *id = pf_dbus_profile_get_id (profiles->pdata[i]);
      g_autofree char *command = pf_shortcut_make_command ("switch", id, NULL);
      g_autofree char *text
          = g_strdup_printf (_ ("Switch to %s"), pf_dbus_profile_get_label (profiles->pdata[i]));

      if (command != NULL && g_strcmp0 (id, PF_PROFILE_HOME) != 0)
        gtk_combo_box_text_append (combo, command, text);
    }
  if (chosen == NULL || !gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), chosen))
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), TOGGLE);
}

/* --- The window --- */

static void
show_desktop (PfShortcutWindow *window)
{
  g_autofree char *text = NULL;

  if (is_portal (window))
    text = g_strdup (
        _ ("This desktop gives shortcuts to running programs by its portal. It may ask you first, and give "
           "other keys than these. They work while Portferry's icon is in the panel."));
  else if (is_known (window))
    text = g_strdup_printf (_ ("Shortcuts are kept in the settings of %s, where you can change them, too."),
                            pf_shortcut_get_label (window->shortcut));
  else
    text = g_strdup (
        _ ("The settings of this desktop are not known here. Bind the command in its own settings, or copy "
           "the line for it."));
  gtk_label_set_text (GTK_LABEL (window->desktop), text);
  gtk_expander_set_expanded (GTK_EXPANDER (window->lines_box), !is_known (window));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfShortcutWindow) window = user_data;
  g_autoptr (PfShortcut) shortcut = pf_shortcut_open_finish (result, NULL);

  if (window->client == NULL)
    return;
  window->shortcut = g_steal_pointer (&shortcut);
  show_desktop (window);
  if (is_portal (window))
    pf_portal_keys_begin (window->portal_keys);
  list_all (window);
  on_choice_changed (window);
}

static void
on_woken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfShortcutWindow) window = user_data;

  /* Without the helper there are no profiles to name, and the other actions are there all the same. */
  if (pf_client_wake_finish (PF_CLIENT (source), result, NULL) && window->client != NULL)
    fill_actions (window);
}

static void
pf_shortcut_window_dispose (GObject *object)
{
  PfShortcutWindow *window = PF_SHORTCUT_WINDOW (object);

  g_clear_object (&window->client);
  g_clear_object (&window->shortcut);
  g_clear_object (&window->portal_keys);
  G_OBJECT_CLASS (pf_shortcut_window_parent_class)->dispose (object);
}

static void
pf_shortcut_window_class_init (PfShortcutWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_shortcut_window_dispose;
}

static void
pf_shortcut_window_init (PfShortcutWindow *window)
{
}

static GtkWidget *
create_form (PfShortcutWindow *window)
{
  GtkWidget *form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *keys;

  window->action = gtk_combo_box_text_new ();
  window->keys = pf_key_field_new ();
  window->set = gtk_button_new_with_mnemonic (_ ("_Set"));
  window->in_spite = gtk_button_new_with_mnemonic (_ ("Set _anyway"));
  gtk_widget_set_no_show_all (window->in_spite, TRUE);
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_container_add (GTK_CONTAINER (buttons), window->in_spite);
  gtk_container_add (GTK_CONTAINER (buttons), window->set);
  keys = pf_widgets_row (_ ("_Keys"), window->keys);
  pf_widgets_name (pf_key_field_get_entry (PF_KEY_FIELD (window->keys)), _ ("Keys"));
  gtk_container_add (GTK_CONTAINER (form), pf_widgets_label (_ ("New shortcut"), "pf-heading"));
  gtk_container_add (GTK_CONTAINER (form), pf_widgets_row (_ ("_What it does"), window->action));
  gtk_container_add (GTK_CONTAINER (form), keys);
  gtk_container_add (GTK_CONTAINER (form), buttons);
  pf_widgets_align_rows (GTK_CONTAINER (form));
  gtk_widget_set_margin_top (form, 6);
  gtk_widget_set_halign (form, GTK_ALIGN_START);
  fill_actions (window);
  g_signal_connect_object (window->action, "changed", G_CALLBACK (on_choice_changed), window,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (window->keys, "changed", G_CALLBACK (on_choice_changed), window,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (window->set, "clicked", G_CALLBACK (on_set_clicked), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (window->in_spite, "clicked", G_CALLBACK (on_in_spite_clicked), window,
                           G_CONNECT_SWAPPED);
  return form;
}

static GtkWidget *
create_lines (PfShortcutWindow *window)
{
  window->lines_box = gtk_expander_new_with_mnemonic (_ ("_Lines to copy for i3, sway and others"));
  window->lines = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (window->lines), 0);
  gtk_label_set_selectable (GTK_LABEL (window->lines), TRUE);
  gtk_label_set_line_wrap (GTK_LABEL (window->lines), TRUE);
  pf_widgets_set_class (window->lines, "pf-mono", TRUE);
  gtk_container_add (GTK_CONTAINER (window->lines_box), window->lines);
  /* Folded away, it would still take the keyboard. */
  gtk_widget_set_no_show_all (window->lines, TRUE);
  g_object_bind_property (window->lines_box, "expanded", window->lines, "visible", G_BINDING_SYNC_CREATE);
  return window->lines_box;
}

static GtkWidget *
create_content (PfShortcutWindow *window)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  g_object_set (content, "margin", 18, NULL);
  window->desktop = pf_widgets_paragraph (NULL);
  window->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (window->list), GTK_SELECTION_NONE);
  /* No placeholder of the list: screen readers do not see that. */
  window->none = pf_widgets_label (_ ("No shortcut yet"), NULL);
  gtk_widget_set_no_show_all (window->none, TRUE);
  gtk_widget_set_no_show_all (window->list, TRUE);
  pf_widgets_name (window->list, _ ("Shortcuts"));
  gtk_container_add (GTK_CONTAINER (content), window->desktop);
  gtk_container_add (GTK_CONTAINER (content), window->none);
  gtk_container_add (GTK_CONTAINER (content), window->list);
  gtk_container_add (GTK_CONTAINER (content), create_form (window));
  gtk_container_add (GTK_CONTAINER (content), create_lines (window));
  return content;
}

/**
 * pf_shortcut_window_new:
 * @application: whose window it is
 * @client: the helper's client
 * @portal_keys: the shortcuts of the desktop's portal
 *
 * Returns: (transfer none): the window, not shown yet
 */
GtkWidget *
pf_shortcut_window_new (GtkApplication *application, PfClient *client, PfPortalKeys *portal_keys)
{
  PfShortcutWindow *window = g_object_new (PF_TYPE_SHORTCUT_WINDOW, "application", application, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  window->client = g_object_ref (client);
  window->portal_keys = g_object_ref (portal_keys);
  g_signal_connect_object (portal_keys, "changed", G_CALLBACK (on_portal_changed), window, G_CONNECT_SWAPPED);
  pf_widgets_set_up_window (GTK_WINDOW (window), _ ("Keyboard shortcut"), WIDTH, HEIGHT);
  window->bar = pf_widgets_info_bar ();
  gtk_container_add (GTK_CONTAINER (box), window->bar);
  gtk_container_add (GTK_CONTAINER (box), pf_widgets_scroll (create_content (window)));
  gtk_container_add (GTK_CONTAINER (window), box);
  gtk_widget_show_all (box);
  on_choice_changed (window);
  pf_shortcut_open_async (on_opened, g_object_ref (window));
  pf_client_wake_async (client, NULL, on_woken, g_object_ref (window));
  return GTK_WIDGET (window);
}
