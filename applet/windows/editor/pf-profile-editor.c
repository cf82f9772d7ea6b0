/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile-editor.h"

#include <glib/gi18n.h>

#include "pf-board-view.h"
#include "pf-controller-picker.h"
#include "pf-effects-view.h"
#include "pf-icon-chooser.h"
#include "pf-profile-effects.h"
#include "pf-profile-options.h"
#include "pf-profile-transfer.h"
#include "pf-sockets.h"
#include "pf-state-view.h"
#include "pf-widgets.h"

#define WIDTH 1080
#define HEIGHT 720
#define PREVIEW_MS 120 /* so that typing does not ask for each letter */

struct _PfProfileEditor
{
  GtkApplicationWindow parent;
  PfClient *client;
  PfProfileDraft *draft;
  char *wanted_id;    /* (nullable): a profile to edit that has not been read yet */
  GPtrArray *sockets; /* (nullable): as they were last seen */
  GtkWidget *bar;
  GtkWidget *label;
  GtkWidget *icon;
  GtkWidget *board;
  GtkWidget *picker;
  GtkWidget *options;
  GtkWidget *effects;
  GtkWidget *save;
  gboolean showing; /* what changes now is not a person's doing */
  gboolean saving;
  guint preview_id;
  GtkFileChooserNative *chooser; /* (nullable): a question under way */
  GCancellable *preview;         /* (nullable): the question under way */
  GCancellable *cancellable;
};

G_DEFINE_TYPE (PfProfileEditor, pf_profile_editor, GTK_TYPE_APPLICATION_WINDOW)

static gboolean
is_picked (const PfSocket *socket, gpointer user_data)
{
  return pf_profile_draft_has_socket (user_data, socket);
}

static guint32
find_existing (GPtrArray *sockets)
{
  guint32 bits = 0;

  for (guint i = 0; i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];

      if (pf_socket_is_routed (socket))
        bits |= 1u << socket->bit;
    }
  return bits;
}

static void
on_previewed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfClientDetails) details = pf_client_preview_details_finish (PF_CLIENT (source), result, &error);
  PfProfileEditor *editor;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  editor = PF_PROFILE_EDITOR (user_data);
  g_clear_object (&editor->preview);
  if (details != NULL)
    pf_effects_view_show_details (PF_EFFECTS_VIEW (editor->effects), details);
  else
    pf_effects_view_show_error (PF_EFFECTS_VIEW (editor->effects), error->message);
}

static void
cancel_preview (PfProfileEditor *editor)
{
  g_clear_handle_id (&editor->preview_id, g_source_remove);
  g_cancellable_cancel (editor->preview);
  g_clear_object (&editor->preview);
}

static gboolean
on_preview (gpointer user_data)
{
  PfProfileEditor *editor = user_data;

  editor->preview_id = 0;
  cancel_preview (editor);
  editor->preview = g_cancellable_new ();
  pf_client_preview_details_async (editor->client,
                                   pf_profile_draft_to_settings (editor->draft, editor->sockets),
                                   editor->preview, on_previewed, editor);
  return G_SOURCE_REMOVE;
}

/* Shows what follows from the draft: at once what is known here, soon what the helper says. */
static void
show_consequences (PfProfileEditor *editor)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (editor->client);
  g_autoptr (GPtrArray) effects = pf_profile_effects_list (editor->draft, editor->sockets, controllers);

  pf_board_view_show_picked (PF_BOARD_VIEW (editor->board), editor->sockets, is_picked, editor->draft);
  pf_controller_picker_show (PF_CONTROLLER_PICKER (editor->picker), controllers, editor->draft,
                             editor->sockets);
  pf_effects_view_show_functions (PF_EFFECTS_VIEW (editor->effects), effects);
  gtk_widget_set_sensitive (editor->save, !editor->saving && editor->draft->label[0] != '\0');
  cancel_preview (editor);
  editor->preview_id = g_timeout_add (PREVIEW_MS, on_preview, editor);
}

static void
show_draft (PfProfileEditor *editor)
{
  editor->showing = TRUE;
  gtk_entry_set_text (GTK_ENTRY (editor->label), editor->draft->label);
  pf_icon_chooser_show (editor->icon, editor->draft->icon);
  pf_profile_options_show (PF_PROFILE_OPTIONS (editor->options), editor->draft);
  editor->showing = FALSE;
}

/* The profile to edit, as soon as the helper has told of it. */
static void
load (PfProfileEditor *editor)
{
  g_autofree char *id = g_steal_pointer (&editor->wanted_id);
  PfDBusProfile *profile = pf_client_find_profile (editor->client, id);

  if (profile == NULL)
    {
      pf_widgets_show_message (GTK_INFO_BAR (editor->bar),
                               _ ("There is no such profile any more. This is a new one."));
      return;
    }
  pf_profile_draft_free (editor->draft);
  editor->draft = pf_profile_draft_new_from_bus (profile);
  show_draft (editor);
}

static void
on_changed (PfProfileEditor *editor)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (editor->client);

  g_clear_pointer (&editor->sockets, g_ptr_array_unref);
  editor->sockets = pf_sockets_read (editor->client);
  if (editor->wanted_id != NULL)
    load (editor);
  pf_board_view_show (PF_BOARD_VIEW (editor->board), editor->sockets, controllers);
  show_consequences (editor);
}

static void
on_edited (PfProfileEditor *editor)
{
  if (editor->showing || editor->sockets == NULL)
    return;
  g_free (editor->draft->label);
  editor->draft->label = g_strstrip (g_strdup (gtk_entry_get_text (GTK_ENTRY (editor->label))));
  g_free (editor->draft->icon);
  editor->draft->icon = pf_icon_chooser_get (editor->icon);
  pf_profile_options_read (PF_PROFILE_OPTIONS (editor->options), editor->draft);
  show_consequences (editor);
}

static void
on_socket_activated (PfProfileEditor *editor, const char *key)
{
  const PfSocket *socket = pf_sockets_find (editor->sockets, key);

  if (socket == NULL)
    return;
  pf_profile_draft_set_socket (editor->draft, socket, !pf_profile_draft_has_socket (editor->draft, socket),
                               find_existing (editor->sockets));
  show_consequences (editor);
}

static void
on_controller_picked (PfProfileEditor *editor, const char *address, gboolean chosen)
{
  pf_profile_draft_set_controller (editor->draft, address, chosen);
  show_consequences (editor);
}

static void
end_saving (PfProfileEditor *editor, gboolean saved, const GError *error)
{
  if (saved)
    {
      gtk_window_close (GTK_WINDOW (editor));
      return;
    }
  editor->saving = FALSE;
  gtk_widget_set_sensitive (editor->save, TRUE);
  pf_widgets_show_message (GTK_INFO_BAR (editor->bar), error->message);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean saved = pf_client_add_profile_finish (PF_CLIENT (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    end_saving (user_data, saved, error);
}

static void
on_updated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean saved = pf_client_update_profile_finish (PF_CLIENT (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    end_saving (user_data, saved, error);
}

static char **
list_ids (PfClient *client)
{
  g_autoptr (GPtrArray) profiles = pf_client_list_profiles (client);
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < profiles->len; i++)
    g_ptr_array_add (ids, pf_dbus_profile_dup_id (profiles->pdata[i]));
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

static void
on_save (PfProfileEditor *editor)
{
  GVariant *settings = pf_profile_draft_to_settings (editor->draft, editor->sockets);
  g_auto (GStrv) ids = NULL;
  g_autofree char *id = NULL;

  editor->saving = TRUE;
  gtk_widget_set_sensitive (editor->save, FALSE);
  pf_widgets_show_message (GTK_INFO_BAR (editor->bar), NULL);
  if (editor->draft->id != NULL)
    {
      pf_client_update_profile_async (editor->client, editor->draft->id, settings, NULL, editor->cancellable,
                                      on_updated, editor);
      return;
    }
  ids = list_ids (editor->client);
  id = pf_profile_draft_suggest_id (editor->draft, (const char *const *) ids);
  pf_client_add_profile_async (editor->client, id, settings, NULL, editor->cancellable, on_added, editor);
}

/* (nullable): the path of what was chosen; the question is over. */
static char *
take_choice (PfProfileEditor *editor, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&editor->chooser);

  return response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (chooser)) : NULL;
}

static void
on_import_chosen (GtkNativeDialog *chooser, int response, PfProfileEditor *editor)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (editor->client);
  g_autofree char *path = take_choice (editor, response);
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;
  if (!pf_profile_transfer_import (path, editor->draft, controllers, &error))
    {
      pf_widgets_show_message (GTK_INFO_BAR (editor->bar), error->message);
      return;
    }
  show_draft (editor);
  show_consequences (editor);
}

static void
on_export_chosen (GtkNativeDialog *chooser, int response, PfProfileEditor *editor)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (editor->client);
  g_autofree char *path = take_choice (editor, response);
  g_autoptr (GError) error = NULL;

  if (path != NULL && !pf_profile_transfer_export (path, editor->draft, editor->sockets, controllers, &error))
    pf_widgets_show_message (GTK_INFO_BAR (editor->bar), error->message);
}

static void
ask (PfProfileEditor *editor, GtkFileChooserNative *chooser, GCallback on_chosen)
{
  g_clear_object (&editor->chooser);
  editor->chooser = chooser;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", on_chosen, editor, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* Without sockets there is nothing to compare a file with, and nothing to write. */
static void
on_import (PfProfileEditor *editor)
{
  if (editor->sockets != NULL)
    ask (editor, pf_profile_transfer_choose_import (GTK_WINDOW (editor)), G_CALLBACK (on_import_chosen));
}

static void
on_export (PfProfileEditor *editor)
{
  if (editor->sockets != NULL)
    ask (editor, pf_profile_transfer_choose_export (GTK_WINDOW (editor), editor->draft),
         G_CALLBACK (on_export_chosen));
}

static void
add_heading (GtkWidget *box, const char *text)
{
  gtk_container_add (GTK_CONTAINER (box), pf_widgets_label (text, "pf-heading"));
}

static GtkWidget *
create_wish (PfProfileEditor *editor)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  editor->label = gtk_entry_new ();
  editor->icon = pf_icon_chooser_new ();
  editor->board = pf_board_view_new (TRUE);
  editor->picker = pf_controller_picker_new ();
  editor->options = pf_profile_options_new ();
  gtk_entry_set_max_length (GTK_ENTRY (editor->label), PF_PROFILE_MAX_LABEL);
  gtk_entry_set_width_chars (GTK_ENTRY (editor->label), 28);
  g_object_set (box, "margin", 18, NULL);
  g_object_set (editor->board, "margin", 0, NULL);
  gtk_container_add (GTK_CONTAINER (box), pf_widgets_row (_ ("_Name"), editor->label));
  gtk_container_add (GTK_CONTAINER (box), pf_widgets_row (_ ("_Icon"), editor->icon));
  add_heading (box, _ ("Sockets for the guest"));
  gtk_container_add (GTK_CONTAINER (box), editor->board);
  add_heading (box, _ ("Whole controllers for the guest"));
  gtk_container_add (GTK_CONTAINER (box), editor->picker);
  add_heading (box, _ ("Options"));
  gtk_container_add (GTK_CONTAINER (box), editor->options);
  pf_widgets_align_rows (GTK_CONTAINER (box));
  g_signal_connect_swapped (editor->label, "changed", G_CALLBACK (on_edited), editor);
  g_signal_connect_swapped (editor->icon, "changed", G_CALLBACK (on_edited), editor);
  g_signal_connect_swapped (editor->options, "changed", G_CALLBACK (on_edited), editor);
  g_signal_connect_swapped (editor->board, "socket-activated", G_CALLBACK (on_socket_activated), editor);
  g_signal_connect_swapped (editor->picker, "picked", G_CALLBACK (on_controller_picked), editor);
  return box;
}

static GtkWidget *
create_content (PfProfileEditor *editor)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *halves = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *side;

  editor->bar = pf_widgets_info_bar ();
  editor->effects = pf_effects_view_new ();
  side = pf_widgets_scroll (editor->effects);
  pf_widgets_name (side, _ ("What would change"));
  gtk_widget_set_hexpand (side, FALSE);
  gtk_box_pack_start (GTK_BOX (halves), pf_widgets_scroll (create_wish (editor)), TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (halves), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_container_add (GTK_CONTAINER (halves), side);
  gtk_container_add (GTK_CONTAINER (content), editor->bar);
  gtk_box_pack_start (GTK_BOX (content), halves, TRUE, TRUE, 0);
  gtk_widget_show_all (content);
  return content;
}

static void
add_buttons (PfProfileEditor *editor)
{
  GtkWindow *window = GTK_WINDOW (editor);
  GtkWidget *import = pf_widgets_header_button (window, _ ("I_mport…"), GTK_PACK_START, FALSE);
  GtkWidget *export = pf_widgets_header_button (window, _ ("_Export…"), GTK_PACK_START, FALSE);

  editor->save = pf_widgets_header_button (window, _ ("_Save"), GTK_PACK_END, TRUE);
  gtk_widget_set_sensitive (editor->save, FALSE);
  g_signal_connect_swapped (editor->save, "clicked", G_CALLBACK (on_save), editor);
  g_signal_connect_swapped (import, "clicked", G_CALLBACK (on_import), editor);
  g_signal_connect_swapped (export, "clicked", G_CALLBACK (on_export), editor);
  gtk_widget_show_all (gtk_window_get_titlebar (window));
}

static void
pf_profile_editor_dispose (GObject *object)
{
  PfProfileEditor *editor = PF_PROFILE_EDITOR (object);

  g_cancellable_cancel (editor->cancellable);
  cancel_preview (editor);
  g_clear_object (&editor->chooser);
  g_clear_object (&editor->client);
  g_clear_pointer (&editor->sockets, g_ptr_array_unref);
  G_OBJECT_CLASS (pf_profile_editor_parent_class)->dispose (object);
}

static void
pf_profile_editor_finalize (GObject *object)
{
  PfProfileEditor *editor = PF_PROFILE_EDITOR (object);

  g_object_unref (editor->cancellable);
  pf_profile_draft_free (editor->draft);
  g_free (editor->wanted_id);
  G_OBJECT_CLASS (pf_profile_editor_parent_class)->finalize (object);
}

static void
pf_profile_editor_class_init (PfProfileEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_profile_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = pf_profile_editor_finalize;
}

static void
pf_profile_editor_init (PfProfileEditor *editor)
{
  editor->cancellable = g_cancellable_new ();
  editor->draft = pf_profile_draft_new ();
}

/**
 * pf_profile_editor_new:
 * @application: whose window it is
 * @client: the helper's client
 * @profile_id: (nullable): the profile to edit; NULL for a new one
 *
 * Returns: (transfer none): the editor, not shown yet
 */
GtkWidget *
pf_profile_editor_new (GtkApplication *application, PfClient *client, const char *profile_id)
{
  PfProfileEditor *editor = g_object_new (PF_TYPE_PROFILE_EDITOR, "application", application, NULL);
  GtkWidget *view;

  editor->client = g_object_ref (client);
  editor->wanted_id = g_strdup (profile_id);
  pf_widgets_set_up_window (GTK_WINDOW (editor), profile_id != NULL ? _ ("Edit profile") : _ ("New profile"),
                            WIDTH, HEIGHT);
  add_buttons (editor);
  view = pf_state_view_new (client, create_content (editor));
  show_draft (editor);
  g_signal_connect_object (view, "changed", G_CALLBACK (on_changed), editor, G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (editor), view);
  return GTK_WIDGET (editor);
}
