/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-vm-window.h"

#include <glib/gi18n.h>

#include "pf-profile.h"
#include "pf-state-view.h"
#include "pf-vm-config.h"
#include "pf-widgets.h"

#define WIDTH 720
#define HEIGHT 720
#define KIT PF_PKGDATADIR "/guest"

/* A text, and the button that copies it. */
typedef struct
{
  GtkWidget *text;
  GtkWidget *copied; /* says that it was */
} Field;

struct _PfVmWindow
{
  GtkApplicationWindow parent;
  PfClient *client; /* (nullable): NULL once the window is gone */
  GtkWidget *none;
  GtkWidget *form;
  GtkWidget *profile;
  GtkWidget *running;
  Field qemu;
  Field libvirt;
  gboolean filling; /* the list of profiles */
};

G_DEFINE_TYPE (PfVmWindow, pf_vm_window, GTK_TYPE_APPLICATION_WINDOW)

/* --- The texts --- */

/* An option and its value on each line, as it goes into a script. */
static char *
join_arguments (char **arguments)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; arguments[i] != NULL; i += 2)
    g_string_append_printf (text, "%s%s %s", i > 0 ? " \\\n" : "", arguments[i], arguments[i + 1]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
set_text (Field *field, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (field->text)), text) == 0)
    return;
  gtk_label_set_text (GTK_LABEL (field->text), text);
  gtk_widget_hide (field->copied);
}

static void
show_texts (PfVmWindow *window)
{
  static const char *const none[] = { NULL };
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (window->profile));
  PfDBusProfile *profile = id != NULL ? pf_client_find_profile (window->client, id) : NULL;
  const char *const *controllers = profile != NULL ? pf_dbus_profile_get_controllers (profile) : NULL;
  gboolean hot_plug = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (window->running));
  g_auto (GStrv) arguments = pf_vm_config_get_qemu (controllers != NULL ? controllers : none, hot_plug);
  g_autofree char *qemu = join_arguments (arguments);
  g_autofree char *libvirt = pf_vm_config_get_libvirt (controllers != NULL ? controllers : none, hot_plug);

  set_text (&window->qemu, qemu);
  set_text (&window->libvirt, g_strchomp (libvirt));
}

static void
on_choice_changed (PfVmWindow *window)
{
  if (!window->filling && window->client != NULL)
    show_texts (window);
}

/* --- Profiles --- */

static guint
fill_profiles (PfVmWindow *window)
{
  GtkComboBoxText *combo = GTK_COMBO_BOX_TEXT (window->profile);
  g_autoptr (GPtrArray) profiles = pf_client_list_profiles (window->client);
  g_autofree char *chosen = g_strdup (gtk_combo_box_get_active_id (GTK_COMBO_BOX (combo)));
  guint count = 0;

  window->filling = TRUE;
  gtk_combo_box_text_remove_all (combo);
  for (guint i = 0; i < profiles->len; i++)
    {
      const char *id = pf_dbus_profile_get_id (profiles->pdata[i]);

      if (g_strcmp0 (id, PF_PROFILE_HOME) == 0)
        continue;
      gtk_combo_box_text_append (combo, id, pf_dbus_profile_get_label (profiles->pdata[i]));
      count++;
    }
  if (chosen == NULL || !gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), chosen))
    gtk_combo_box_set_active (GTK_COMBO_BOX (combo), 0);
  window->filling = FALSE;
  return count;
}

static void
on_changed (PfVmWindow *window)
{
  guint count;

  if (window->client == NULL)
    return;
  count = fill_profiles (window);
  gtk_widget_set_visible (window->form, count > 0);
  gtk_widget_set_visible (window->none, count == 0);
  show_texts (window);
}

/* --- The window --- */

static void
on_copy_clicked (GtkButton *button, gpointer user_data)
{
  Field *field = user_data;
  GtkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (button), GDK_SELECTION_CLIPBOARD);

  gtk_clipboard_set_text (clipboard, gtk_label_get_text (GTK_LABEL (field->text)), -1);
  /* So that it is there still when the tray has gone. */
  gtk_clipboard_set_can_store (clipboard, NULL, 0);
  gtk_widget_show (field->copied);
}

static GtkWidget *
create_text (Field *field, const char *name)
{
  GtkWidget *frame = gtk_frame_new (NULL);

  field->text = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (field->text), 0);
  gtk_label_set_selectable (GTK_LABEL (field->text), TRUE);
  gtk_label_set_line_wrap (GTK_LABEL (field->text), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (field->text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (field->text), 60);
  g_object_set (field->text, "margin", 9, NULL);
  pf_widgets_set_class (field->text, "pf-mono", TRUE);
  pf_widgets_set_class (frame, GTK_STYLE_CLASS_VIEW, TRUE);
  pf_widgets_name (frame, name);
  gtk_container_add (GTK_CONTAINER (frame), field->text);
  return frame;
}

/* A heading with its button; what to do with the text; the text. */
static GtkWidget *
create_field (Field *field, const char *heading, const char *where, const char *copy)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *button = gtk_button_new_with_mnemonic (copy);

  field->copied = pf_widgets_label (_ ("Copied"), NULL);
  gtk_widget_set_no_show_all (field->copied, TRUE);
  g_signal_connect (button, "clicked", G_CALLBACK (on_copy_clicked), field);
  gtk_box_pack_start (GTK_BOX (top), pf_widgets_label (heading, "pf-heading"), TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (top), field->copied);
  gtk_container_add (GTK_CONTAINER (top), button);
  gtk_container_add (GTK_CONTAINER (box), top);
  gtk_container_add (GTK_CONTAINER (box), pf_widgets_paragraph (where));
  gtk_container_add (GTK_CONTAINER (box), create_text (field, heading));
  return box;
}

static GtkWidget *
create_kit (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *uri = g_filename_to_uri (KIT, NULL, NULL);
  GtkWidget *link = gtk_link_button_new_with_label (uri, _ ("Open the folder with the guest kit"));

  gtk_widget_set_halign (link, GTK_ALIGN_START);
  gtk_container_add (GTK_CONTAINER (box), pf_widgets_label (_ ("Inside the machine"), "pf-heading"));
  gtk_container_add (GTK_CONTAINER (box),
                     pf_widgets_paragraph (_ (
                         "The guest kit asks for the keyboard from inside: programs for Windows and Linux, "
                         "with keys for them. “portferryctl guest-kit FOLDER” writes a copy.")));
  gtk_container_add (GTK_CONTAINER (box), link);
  return box;
}

static GtkWidget *
create_form (PfVmWindow *window)
{
  GtkWidget *form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *choice = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  window->profile = gtk_combo_box_text_new ();
  window->running = gtk_check_button_new_with_mnemonic (
      _ ("The controllers are plugged in _while the machine runs: only ports for them"));
  g_signal_connect_object (window->profile, "changed", G_CALLBACK (on_choice_changed), window,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (window->running, "toggled", G_CALLBACK (on_choice_changed), window,
                           G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (choice), pf_widgets_row (_ ("_Profile"), window->profile));
  gtk_container_add (GTK_CONTAINER (choice), window->running);
  gtk_container_add (GTK_CONTAINER (form), choice);
  gtk_container_add (
      GTK_CONTAINER (form),
      create_field (&window->qemu, _ ("QEMU"),
                    _ ("Paste this into the script that starts QEMU, behind its last argument."),
                    _ ("Copy _arguments")));
  gtk_container_add (GTK_CONTAINER (form),
                     create_field (&window->libvirt, _ ("virt-manager and libvirt"),
                                   _ ("Paste this before </devices>: in virt-manager, after “Enable XML "
                                      "editing” in its preferences, on the "
                                      "tab XML of the machine; or in “virsh edit”."),
                                   _ ("Copy _XML")));
  gtk_container_add (GTK_CONTAINER (form), create_kit ());
  return form;
}

static GtkWidget *
create_none (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("New _profile…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "app.new-profile");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_container_add (
      GTK_CONTAINER (box),
      pf_widgets_paragraph (_ ("A virtual machine gets what a profile says, and there is none yet.")));
  gtk_container_add (GTK_CONTAINER (box), button);
  return box;
}

static GtkWidget *
create_content (PfVmWindow *window)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  g_object_set (content, "margin", 18, NULL);
  window->form = create_form (window);
  window->none = create_none ();
  gtk_container_add (GTK_CONTAINER (content), window->form);
  gtk_container_add (GTK_CONTAINER (content), window->none);
  gtk_widget_show_all (content);
  gtk_widget_hide (window->none);
  return content;
}

static void
pf_vm_window_dispose (GObject *object)
{
  g_clear_object (&PF_VM_WINDOW (object)->client);
  G_OBJECT_CLASS (pf_vm_window_parent_class)->dispose (object);
}

static void
pf_vm_window_class_init (PfVmWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_vm_window_dispose;
}

static void
pf_vm_window_init (PfVmWindow *window)
{
}

/**
 * pf_vm_window_new:
 * @application: whose window it is
 * @client: the helper's client
 *
 * Returns: (transfer none): the window, not shown yet
 */
GtkWidget *
pf_vm_window_new (GtkApplication *application, PfClient *client)
{
  PfVmWindow *window = g_object_new (PF_TYPE_VM_WINDOW, "application", application, NULL);
  GtkWidget *scroll, *view;

  window->client = g_object_ref (client);
  pf_widgets_set_up_window (GTK_WINDOW (window), _ ("Virtual machine"), WIDTH, HEIGHT);
  scroll = pf_widgets_scroll (create_content (window));
  gtk_widget_show (scroll);
  view = pf_state_view_new (client, scroll);
  g_signal_connect_object (view, "changed", G_CALLBACK (on_changed), window, G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (window), view);
  return GTK_WIDGET (window);
}
