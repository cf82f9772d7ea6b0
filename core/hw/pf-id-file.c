/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-id-file.h"

#include <string.h>

#include "pf-text.h"

struct _PfIdFile
{
  GMappedFile *map;
};

/**
 * pf_id_file_open:
 * @paths: (array zero-terminated=1): where it may be, by distribution
 *
 * Returns: (transfer full) (nullable): the first that exists
 */
PfIdFile *
pf_id_file_open (const char *const *paths)
{
  for (guint i = 0; paths[i] != NULL; i++)
    {
      GMappedFile *map = g_mapped_file_new (paths[i], FALSE, NULL);

      if (map != NULL)
        {
          PfIdFile *file = g_new0 (PfIdFile, 1);

          file->map = map;
          return file;
        }
    }
  return NULL;
}

void
pf_id_file_free (PfIdFile *file)
{
  if (file == NULL)
    return;
  g_mapped_file_unref (file->map);
  g_free (file);
}

static const char *
find_line_end (const char *line, const char *end)
{
  const char *newline = memchr (line, '\n', (gsize) (end - line));

  return newline == NULL ? end : newline;
}

/* Whether [line, end) is "8086  Name" with this number; @name gets the name then. */
static gboolean
match_line (const char *line, const char *end, const char *number, char **name)
{
  g_autofree char *text = NULL;

  if (end - line < 6 || strncmp (line, number, 4) != 0 || line[4] != ' ')
    return FALSE;
  text = pf_text_clean (line + 4, (gsize) (end - line - 4));
  *name = pf_text_to_name (text);
  return *name != NULL;
}

/**
 * pf_id_file_lookup:
 * @vendor: vendor ID
 * @device: device or product ID
 * @vendor_name: (out) (transfer full) (nullable): the vendor's name
 * @device_name: (out) (transfer full) (nullable): the device's name
 *
 * Returns: whether the vendor, at least, is known
 */
gboolean
pf_id_file_lookup (
    const PfIdFile *file, guint16 vendor, guint16 device, char **vendor_name, char **device_name)
{
  const char *line = g_mapped_file_get_contents (file->map);
  const char *end = line + g_mapped_file_get_length (file->map);
  char vendor_number[5];
  char device_number[5];

  *vendor_name = NULL;
  *device_name = NULL;
  g_snprintf (vendor_number, sizeof vendor_number, "%04x", vendor);
  g_snprintf (device_number, sizeof device_number, "%04x", device);
  for (const char *next; line != NULL && line < end; line = next + 1)
    {
      next = find_line_end (line, end);
      if (*vendor_name == NULL)
        match_line (line, next, vendor_number, vendor_name);
      else if (*line != '\t' && *line != '#' && next > line)
        break; /* the next vendor */
      else if (*line == '\t' && match_line (line + 1, next, device_number, device_name))
        break;
    }
  return *vendor_name != NULL;
}
