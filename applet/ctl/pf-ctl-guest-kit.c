/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "pf-ctl-json.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"
#include "pf-guest-kit.h"

#define PREFIX "/org/portferry/guest-kit/"

static gboolean
set_error (GError **error, const char *path)
{
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("%s cannot be written: %s"), path, g_strerror (errno));
  return FALSE;
}

/* What is there already is somebody's, and stays. */
static gboolean
write_new (const char *path, const char *data, gsize length, int mode, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  gsize done = 0;

  if (fd < 0)
    return set_error (error, path);
  while (done < length)
    {
      gssize count = write (fd, data + done, length - done);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        {
          set_error (error, path);
          close (fd);
          return FALSE;
        }
      done += (gsize) count;
    }
  return close (fd) == 0 || set_error (error, path);
}

static gboolean
write_file (GResource *kit, const char *folder, const char *name, GError **error)
{
  g_autofree char *resource = g_strconcat (PREFIX, name, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (kit, resource, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  gsize length;
  const char *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  return write_new (path, data, length, g_str_has_suffix (name, ".sh") ? 0777 : 0666, error);
}

static void
print_kit (PfCtl *ctl, const char *folder, char **names)
{
  g_autoptr (JsonBuilder) json = NULL;

  if (!ctl->json)
    {
      pf_ctl_screen_say (
          &ctl->screen, 0, PF_CTL_STYLE_PLAIN,
          _ ("What goes into the virtual machine is in %s. README.txt there says what to do with it."),
          folder);
      return;
    }
  json = json_builder_new ();
  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "folder", folder);
  json_builder_set_member_name (json, "files");
  pf_ctl_json_add_strv (json, (const char *const *) names);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static gboolean
run_guest_kit (PfCtl *ctl, char **arguments, GError **error)
{
  const char *folder = arguments[0];
  GResource *kit = pf_guest_kit_get_resource ();
  g_auto (GStrv) names = g_resource_enumerate_children (kit, PREFIX, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (names == NULL)
    return FALSE;
  if (g_mkdir_with_parents (folder, 0777) < 0)
    return set_error (error, folder);
  for (char **name = names; *name != NULL; name++)
    if (!write_file (kit, folder, *name, error))
      return FALSE;
  print_kit (ctl, folder, names);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_guest_kit = {
  .name = "guest-kit",
  .arguments = "DIR",
  .summary = N_ ("Write what goes into the virtual machine to DIR"),
  .details
  = N_ ("Scripts for Windows and Linux that ask for the keyboard from inside the virtual machine, keys for "
        "them, and a README.txt. Nothing that is there already is overwritten."),
  .min_arguments = 1,
  .max_arguments = 1,
  .run = run_guest_kit,
};
