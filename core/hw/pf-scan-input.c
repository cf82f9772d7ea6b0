/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-scan-input.h"

#include <linux/input-event-codes.h>
#include <string.h>

#define BITS_PER_LONG (sizeof (long) * 8)
/* An interface, a HID device, and for wireless receivers a HID device below that. */
#define MAX_HID_DEPTH 3

/* The kernel prints a bitmap as hexadecimal longs, the highest first, and fits their size to the reader's
 * word size (input_bits_to_string() in drivers/input/input.c). */
static gboolean
bitmap_has (const char *bitmap, guint bit)
{
  g_auto (GStrv) words = g_strsplit (bitmap, " ", -1);
  guint n_words = g_strv_length (words);
  guint index = bit / BITS_PER_LONG;
  guint64 word;

  if (index >= n_words
      || !g_ascii_string_to_unsigned (words[n_words - 1 - index], 16, 0, G_MAXUINT64, &word, NULL))
    return FALSE;
  return (word >> bit % BITS_PER_LONG & 1) != 0;
}

static gboolean
bitmap_has_range (const char *bitmap, guint first, guint last)
{
  for (guint bit = first; bit <= last; bit++)
    if (!bitmap_has (bitmap, bit))
      return FALSE;
  return TRUE;
}

static char *
read_bitmap (PfTree *tree, const char *input, const char *type)
{
  g_autofree char *path = g_strdup_printf ("%s/capabilities/%s", input, type);
  char *bitmap = pf_tree_read_text (tree, PF_TREE_SYS, path);

  return bitmap == NULL ? g_strdup ("") : bitmap;
}

static void
read_input (PfTree *tree, const char *input, PfInputKinds *kinds)
{
  g_autofree char *events = read_bitmap (tree, input, "ev");
  g_autofree char *keys = read_bitmap (tree, input, "key");
  g_autofree char *relative = read_bitmap (tree, input, "rel");

  kinds->found = TRUE;
  if (bitmap_has (events, EV_KEY) && bitmap_has_range (keys, KEY_Q, KEY_P))
    kinds->keyboard = TRUE;
  if (bitmap_has (events, EV_REL) && bitmap_has (relative, REL_X) && bitmap_has (relative, REL_Y))
    kinds->pointer = TRUE;
  if (bitmap_has (events, EV_ABS) && (bitmap_has (keys, BTN_TOUCH) || bitmap_has (keys, BTN_LEFT)))
    kinds->pointer = TRUE;
}

/* "0003:046D:C31C.0001": bus, vendor and product, instance (hid_add_device() in drivers/hid/hid-core.c) */
static gboolean
is_hid_name (const char *name)
{
  return strlen (name) >= strlen ("0003:046D:C31C.0001") && name[4] == ':' && name[9] == ':'
         && name[14] == '.';
}

static void
scan_directory (PfTree *tree, const char *directory, guint depth, PfInputKinds *kinds)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, directory);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_strdup_printf ("%s/%s", directory, name);

      if (strcmp (name, "input") == 0)
        {
          g_autoptr (GPtrArray) inputs = pf_tree_list (tree, PF_TREE_SYS, path);

          for (guint j = 0; j < inputs->len; j++)
            {
              g_autofree char *input
                  = g_strdup_printf ("%s/%s", path, (char *) g_ptr_array_index (inputs, j));

              if (g_str_has_prefix (g_ptr_array_index (inputs, j), "input"))
                read_input (tree, input, kinds);
            }
        }
      else if (depth < MAX_HID_DEPTH && is_hid_name (name))
        scan_directory (tree, path, depth + 1, kinds);
    }
}

/**
 * pf_scan_input:
 * @directory: of a USB interface, below /sys
 * @kinds: (inout): what is found is added
 *
 * Looks at the input devices of one interface.
 */
void
pf_scan_input (PfTree *tree, const char *directory, PfInputKinds *kinds)
{
  scan_directory (tree, directory, 0, kinds);
}
