/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile-transfer.h"

#include <glib/gi18n.h>

#include "pf-error.h"
#include "pf-profile-file.h"

#define SUFFIX ".profile"

/* Asks for a file, to read a profile from or to write one to. */

static GtkFileChooserNative *
create_chooser (GtkWindow *parent, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, parent, action, accept, NULL);
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Profiles"));
  gtk_file_filter_add_pattern (filter, "*" SUFFIX);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (chooser), TRUE);
  return chooser;
}

/* No more than a profile can have: what was chosen may be anything. */
static char *
read_bounded (const char *path, gsize *length, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree char *data = g_malloc (PF_PROFILE_MAX_SIZE + 2);

  /* A pipe that nobody writes to would stop the whole program. */
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_SPECIAL)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_PROFILE, _ ("This is no ordinary file."));
      return NULL;
    }
  stream = g_file_read (file, NULL, error);
  if (stream == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), data, PF_PROFILE_MAX_SIZE + 1, length, NULL,
                                   error))
    return NULL;
  data[*length] = '\0';
  return g_steal_pointer (&data);
}

/**
 * pf_profile_transfer_import:
 * @path: a file
 * @draft: becomes what the file says
 * @controllers: (element-type PfDBusController): the controllers of this machine
 * @error: why the file could not be used
 *
 * Returns: whether @draft has changed
 */
gboolean
pf_profile_transfer_import (const char *path, PfProfileDraft *draft, GPtrArray *controllers, GError **error)
{
  gsize length;
  g_autofree char *data = read_bounded (path, &length, error);

  return data != NULL && pf_profile_file_import (draft, data, length, controllers, error);
}

/**
 * pf_profile_transfer_export:
 * @path: where to
 * @draft: a draft
 * @sockets: (element-type PfSocket): the sockets of this machine
 * @controllers: (element-type PfDBusController): its controllers
 * @error: why it could not be written
 *
 * Returns: whether it was written
 */
gboolean
pf_profile_transfer_export (
    const char *path, const PfProfileDraft *draft, GPtrArray *sockets, GPtrArray *controllers, GError **error)
{
  g_autofree char *text = pf_profile_file_export (draft, sockets, controllers);

  return g_file_set_contents (path, text, -1, error);
}

/**
 * pf_profile_transfer_choose_import:
 * @parent: the editor
 *
 * Returns: (transfer full): asks for a file to read, once it is shown
 */
GtkFileChooserNative *
pf_profile_transfer_choose_import (GtkWindow *parent)
{
  return create_chooser (parent, _ ("Import a profile"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"));
}

/**
 * pf_profile_transfer_choose_export:
 * @parent: the editor
 * @draft: a draft
 *
 * Returns: (transfer full): asks for a file to write to, once it is shown
 */
GtkFileChooserNative *
pf_profile_transfer_choose_export (GtkWindow *parent, const PfProfileDraft *draft)
{
  static const char *const nothing[] = { NULL };
  GtkFileChooserNative *chooser
      = create_chooser (parent, _ ("Export this profile"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"));
  g_autofree char *id = pf_profile_draft_suggest_id (draft, nothing);
  g_autofree char *name = g_strconcat (draft->id != NULL ? draft->id : id, SUFFIX, NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  return chooser;
}
