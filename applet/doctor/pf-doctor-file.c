/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-doctor-file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAX_ATTRIBUTE (64 * 1024)  /* of /proc/cpuinfo, of which the first lines matter, the most */
#define MAX_LIST (8 * 1024 * 1024) /* modules.dep of a distribution's kernel is half a MiB */

static int
open_file (const char *root, const char *path)
{
  g_autofree char *full = g_build_filename (root, path, NULL);

  return open (full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static char *
read_at_most (const char *root, const char *path, gsize limit)
{
  int descriptor = open_file (root, path);
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  gssize length = 0;

  if (descriptor < 0)
    return NULL;
  while (text->len < limit && (length = read (descriptor, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, length);
  close (descriptor);
  return length < 0 ? NULL : g_utf8_make_valid (text->str, (gssize) text->len);
}

/**
 * pf_doctor_file_read:
 * @root: see above
 * @path: relative to @root
 *
 * Returns: (transfer full) (nullable): the text, valid UTF-8, without white space at its ends
 */
char *
pf_doctor_file_read (const char *root, const char *path)
{
  char *text = read_at_most (root, path, MAX_ATTRIBUTE);

  return text != NULL ? g_strstrip (text) : NULL;
}

/* The same for files that can be long. */
char *
pf_doctor_file_read_all (const char *root, const char *path)
{
  return read_at_most (root, path, MAX_LIST);
}

char *
pf_doctor_file_read_attribute (const char *root, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return pf_doctor_file_read (root, path);
}

/**
 * pf_doctor_file_read_bytes:
 * @bytes: (out caller-allocates) (array length=length): what is at the file's beginning
 *
 * Returns: how many there were; 0 where there is no such file
 */
gsize
pf_doctor_file_read_bytes (const char *root, const char *path, guint8 *bytes, gsize length)
{
  int descriptor = open_file (root, path);
  gssize count;

  if (descriptor < 0)
    return 0;
  count = read (descriptor, bytes, length);
  close (descriptor);
  return count > 0 ? (gsize) count : 0;
}

/**
 * pf_doctor_file_read_hex:
 *
 * Returns: the number in an attribute, hexadecimal with or without "0x"; 0 where there is none
 */
guint
pf_doctor_file_read_hex (const char *root, const char *folder, const char *name)
{
  g_autofree char *text = pf_doctor_file_read_attribute (root, folder, name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 16) : 0;
}

/**
 * pf_doctor_file_read_link_name:
 *
 * Returns: (transfer full) (nullable): the last part of where a symbolic link leads
 */
char *
pf_doctor_file_read_link_name (const char *root, const char *path)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *target = g_file_read_link (full, NULL);

  return target != NULL ? g_path_get_basename (target) : NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * pf_doctor_file_list:
 *
 * Returns: (transfer full) (array zero-terminated=1): the names in a folder, sorted; none where there is no
 * folder
 */
char **
pf_doctor_file_list (const char *root, const char *folder)
{
  g_autofree char *full = g_build_filename (root, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (full, 0, NULL);
  GPtrArray *names = g_ptr_array_new ();
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

gboolean
pf_doctor_file_exists (const char *root, const char *path)
{
  g_autofree char *full = g_build_filename (root, path, NULL);

  return g_file_test (full, G_FILE_TEST_EXISTS);
}
