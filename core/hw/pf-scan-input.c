/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-scan-input.h"

#include <linux/input-event-codes.h>
#include <string.h>

#include "pf-input.h"
#include "pf-udev-db.h"

#define BITS_PER_LONG (sizeof (long) * 8)
/* An interface, a HID device, and for wireless receivers a HID device below that. */
#define MAX_HID_DEPTH 3

#define MAX_DESCRIPTOR 4096 /* HID_MAX_DESCRIPTOR_SIZE in include/linux/hid.h */
#define USAGE_PAGE 0x04
#define LONG_ITEM 0xfe
#define USAGE_PAGE_SCANNER 0x8c
#define USAGE_PAGE_MAGNETIC_STRIPE 0x8e
#define USAGE_PAGE_FIDO 0xf1d0

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

/* A device of another seat is for somebody else, at a screen of their own. udev's rules give each input device
 * the seat that it is for, also where a hub above it was given to that seat (73-seat-late.rules:
 * IMPORT{parent}="ID_SEAT"). */
static gboolean
is_of_another_seat (PfTree *tree, const char *id)
{
  g_autofree char *seat = pf_udev_db_read (tree, id, "ID_SEAT");

  return seat != NULL && *seat != '\0' && strcmp (seat, "seat0") != 0;
}

static gboolean
udev_says (PfTree *tree, const char *id, const char *property)
{
  g_autofree char *value = pf_udev_db_read (tree, id, property);

  return g_strcmp0 (value, "1") == 0;
}

/* udev's judgement, which the hardware database can correct (60-input-id.hwdb). To udev, a keyboard has all keys
 * of the main block; others with keys are ID_INPUT_KEY. Returns FALSE where udev does not know the device: it
 * has no database, or has not looked at it yet. */
static gboolean
ask_udev (PfTree *tree, const char *id, PfInputKinds *kinds)
{
  static const char *const pointers[]
      = { "ID_INPUT_MOUSE",         "ID_INPUT_TOUCHPAD",  "ID_INPUT_TOUCHSCREEN",
          "ID_INPUT_POINTINGSTICK", "ID_INPUT_TRACKBALL", "ID_INPUT_TABLET" };

  if (!udev_says (tree, id, "ID_INPUT"))
    return FALSE;
  kinds->keyboard = udev_says (tree, id, "ID_INPUT_KEYBOARD");
  for (guint i = 0; i < G_N_ELEMENTS (pointers) && !kinds->pointer; i++)
    kinds->pointer = udev_says (tree, id, pointers[i]);
  if (udev_says (tree, id, "ID_INPUT_TABLET_PAD"))
    kinds->pointer = FALSE;
  return TRUE;
}

static void
read_capabilities (PfTree *tree, const char *input, PfInputKinds *kinds)
{
  g_autofree char *events = read_bitmap (tree, input, "ev");
  g_autofree char *keys = read_bitmap (tree, input, "key");
  g_autofree char *relative = read_bitmap (tree, input, "rel");

  if (bitmap_has (events, EV_KEY) && bitmap_has_range (keys, KEY_Q, KEY_P))
    kinds->keyboard = TRUE;
  if (bitmap_has (events, EV_REL) && bitmap_has (relative, REL_X) && bitmap_has (relative, REL_Y))
    kinds->pointer = TRUE;
  if (bitmap_has (events, EV_ABS) && (bitmap_has (keys, BTN_TOUCH) || bitmap_has (keys, BTN_LEFT)))
    kinds->pointer = TRUE;
}

/**
 * pf_scan_input_one:
 * @directory: of an input device, below /sys; ends in "inputN"
 * @kinds: (inout): what is found is added
 *
 * Looks at one input device.
 */
void
pf_scan_input_one (PfTree *tree, const char *directory, PfInputKinds *kinds)
{
  g_autofree char *name = g_path_get_basename (directory);
  g_autofree char *id = g_strconcat ("+input:", name, NULL);
  PfInputKinds own = { 0 };

  kinds->found = TRUE;
  if (is_of_another_seat (tree, id))
    return;
  if (!ask_udev (tree, id, &own))
    read_capabilities (tree, directory, &own);
  kinds->keyboard |= own.keyboard;
  kinds->pointer |= own.pointer;
}

/**
 * pf_scan_input_is_hid_name:
 * @name: of a directory
 *
 * Returns: whether it is that of a HID device, "0003:046D:C31C.0001": bus, vendor and product, instance
 * (hid_add_device() in drivers/hid/hid-core.c)
 */
gboolean
pf_scan_input_is_hid_name (const char *name)
{
  return strlen (name) >= strlen ("0003:046D:C31C.0001") && name[4] == ':' && name[9] == ':'
         && name[14] == '.';
}

/* Of the device itself, without what the kernel adds for its parts ("... Keyboard", "... Consumer Control").
 */
static gboolean
says_keyboard (PfTree *tree, const char *directory)
{
  g_autofree char *path = g_strdup_printf ("%s/uevent", directory);
  g_autofree char *uevent = pf_tree_read_text (tree, PF_TREE_SYS, path);
  const char *start = uevent != NULL ? strstr (uevent, "HID_NAME=") : NULL;
  g_autofree char *name = start != NULL ? g_strndup (start, strcspn (start, "\n")) : NULL;

  return name != NULL && pf_input_name_says_keyboard (name + strlen ("HID_NAME="));
}

/* The items of a report descriptor (Device Class Definition for HID 1.11, 6.2.2): a byte with size, type and
 * tag, then its data; a usage page is global item 0. FIDO's page is in the CTAP specification, 8.1.8.2; the
 * others in the HID Usage Tables. */
static void
read_usage_page (const guint8 *item, guint size, PfInputKinds *kinds)
{
  guint page = 0;

  for (guint i = size; i > 0; i--)
    page = page << 8 | item[i];
  if (page == USAGE_PAGE_FIDO)
    kinds->fido = TRUE;
  if (page == USAGE_PAGE_SCANNER || page == USAGE_PAGE_MAGNETIC_STRIPE)
    kinds->point_of_sale = TRUE;
}

static void
read_descriptor (PfTree *tree, const char *directory, PfInputKinds *kinds)
{
  static const guint sizes[] = { 0, 1, 2, 4 };
  g_autofree char *path = g_strdup_printf ("%s/report_descriptor", directory);
  guint8 bytes[MAX_DESCRIPTOR];
  gssize length = pf_tree_read_bytes (tree, PF_TREE_SYS, path, 0, bytes, sizeof bytes);
  gssize at = 0;

  while (at < length)
    {
      guint size = sizes[bytes[at] & 3];

      if (bytes[at] == LONG_ITEM)
        size = at + 1 < length ? bytes[at + 1] + 2u : 0;
      else if ((bytes[at] & ~3) == USAGE_PAGE && at + (gssize) size < length)
        read_usage_page (bytes + at, size, kinds);
      at += 1 + size;
    }
}

/* The input devices of one HID device, or of an interface whose driver is not HID. */
static void
scan_inputs (PfTree *tree, const char *device, const char *directory, PfInputKinds *kinds)
{
  g_autoptr (GPtrArray) inputs = pf_tree_list (tree, PF_TREE_SYS, directory);
  PfInputKinds own = { 0 };

  for (guint i = 0; i < inputs->len; i++)
    {
      g_autofree char *input = g_strdup_printf ("%s/%s", directory, (char *) g_ptr_array_index (inputs, i));

      if (g_str_has_prefix (g_ptr_array_index (inputs, i), "input"))
        pf_scan_input_one (tree, input, &own);
    }
  kinds->found |= own.found;
  kinds->keyboard |= own.keyboard;
  kinds->pointer |= own.pointer;
  kinds->keyboard_alone |= own.keyboard && (!own.pointer || says_keyboard (tree, device));
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
        scan_inputs (tree, directory, path, kinds);
      else if (depth < MAX_HID_DEPTH && pf_scan_input_is_hid_name (name))
        {
          g_autofree char *link = g_strdup_printf ("%s/driver", path);
          g_autofree char *driver = pf_tree_read_link_name (tree, PF_TREE_SYS, link);

          kinds->receiver |= g_strcmp0 (driver, "logitech-djreceiver") == 0;
          kinds->paired |= depth > 0;
          read_descriptor (tree, path, kinds);
          scan_directory (tree, path, depth + 1, kinds);
        }
    }
}

/**
 * pf_scan_input:
 * @directory: of a USB interface, below /sys
 * @kinds: (inout): what is found is added
 *
 * Looks at the HID and input devices of one interface.
 */
void
pf_scan_input (PfTree *tree, const char *directory, PfInputKinds *kinds)
{
  scan_directory (tree, directory, 0, kinds);
}
