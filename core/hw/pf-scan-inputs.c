/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keyboards and pointers that are not USB devices of a controller, read from the links in /sys/class/input:
 *
 * - platform/i8042/serio0/input/input3: built in, or PS/2
 * - pci0000:00/0000:00:15.1/i2c_designware.1/i2c-7/.../0018:04F3:3138.0001/input/input12: a touch pad
 * - pci0000:00/0000:00:14.0/.../1-7:1.0/bluetooth/hci0/hci0:256/0005:046D:B342.0005/input/input20: Bluetooth, by
 *   the kernel
 * - virtual/misc/uhid/0005:046D:B342.0005/input/input20: the same, by BlueZ
 * - virtual/input/input21: made by a program
 *
 * BlueZ makes the HID devices of Bluetooth LE itself, by uhid, and unless its configuration says otherwise those
 * of classic Bluetooth too, since 5.73 (UserspaceHID in input.conf; the logs in its issue 771). */

#include "pf-scan-inputs.h"

#include <string.h>

#include "pf-scan-adapters.h"
#include "pf-scan-input.h"
#include "pf-text.h"

#define INPUTS "class/input"
/* A machine with docks and screens has forty. This is a bound for trees that somebody made up. */
#define MAX_INPUTS 1024
#define BLUETOOTH "0005:" /* BUS_BLUETOOTH in linux/input.h, as HID devices' names begin */

typedef struct
{
  PfTree *tree;
  PfBoard *board;
  PfAdapters *adapters;
  GHashTable *known; /* folder of the device -> Found */
  gboolean is_tablet;
} InputScan;

/* A device, which can be several input devices: a keyboard, its volume keys, its touch pad. */
typedef struct
{
  PfInput *input; /* (unowned) (nullable): NULL for what hangs on nothing that is known */
  PfInputKinds kinds;
  guint16 vendor;
  guint16 product;
  gboolean is_i8042;
} Found;

static char *
read_attribute (PfTree *tree, const char *directory, const char *attribute)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", directory, attribute);

  return pf_tree_read_text (tree, PF_TREE_SYS, path);
}

/* SMBIOS, 7.4.1: portable, laptop, notebook, sub notebook, convertible */
static gboolean
has_keyboard_in_it (guint64 chassis)
{
  return chassis == 8 || chassis == 9 || chassis == 10 || chassis == 14 || chassis == 31;
}

static gboolean
has_battery (PfTree *tree)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, "class/power_supply");

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *directory = g_strdup_printf ("class/power_supply/%s", (char *) names->pdata[i]);
      g_autofree char *type = read_attribute (tree, directory, "type");
      g_autofree char *scope = read_attribute (tree, directory, "scope");

      /* That of a wireless mouse has the scope "Device". */
      if (g_strcmp0 (type, "Battery") == 0 && g_strcmp0 (scope, "Device") != 0)
        return TRUE;
    }
  return FALSE;
}

/* The firmware of tablets and handhelds shows their volume buttons as a whole keyboard on i8042. One on a
 * machine without battery is plugged in: without an answer from it, atkbd makes none. */
static gboolean
is_tablet (PfTree *tree)
{
  guint64 chassis;

  return pf_tree_read_uint (tree, PF_TREE_SYS, "class/dmi/id/chassis_type", 10, &chassis)
         && !has_keyboard_in_it (chassis) && has_battery (tree);
}

static gboolean
has_element (char **elements, const char *name)
{
  return g_strv_contains ((const char *const *) elements, name);
}

/* Of "…/bluetooth/hci0/hci0:256/…" this is "hci0". */
static const char *
find_adapter (char **elements)
{
  for (guint i = 0; elements[i] != NULL; i++)
    if (strcmp (elements[i], "bluetooth") == 0 && elements[i + 1] != NULL
        && g_str_has_prefix (elements[i + 1], "hci"))
      return elements[i + 1];
  return NULL;
}

static const char *
find_hid (char **elements)
{
  const char *hid = NULL;

  for (guint i = 0; elements[i] != NULL; i++)
    if (pf_scan_input_is_hid_name (elements[i]))
      hid = elements[i];
  return hid;
}

static gboolean
is_of_another_machine (char **elements)
{
  for (guint i = 0; elements[i] != NULL; i++)
    if (g_str_has_prefix (elements[i], "vhci_hcd"))
      return TRUE;
  return FALSE;
}

/* Devices that programs make (uinput, uhid) are no hardware, and stay only as long as those run. BlueZ's are
 * the exception. An infrared receiver has all keys that a remote control might have (rc-core), and what comes
 * by usbip is of another machine. */
static gboolean
is_hardware (char **elements)
{
  const char *hid = find_hid (elements);

  if (has_element (elements, "rc") || is_of_another_machine (elements))
    return FALSE;
  if (!has_element (elements, "virtual"))
    return TRUE;
  return has_element (elements, "uhid") && hid != NULL && g_str_has_prefix (hid, BLUETOOTH);
}

/* Bluetooth has scanners and presenters as well. Its devices mostly have the numbers of their makers on USB.
 */
static void
judge (const InputScan *scan, const Found *found)
{
  PfInput *input = found->input;
  const PfInputFacts facts = {
    .vendor = found->vendor,
    .product = found->product,
    .name = input->name,
    .keyboard = found->kinds.keyboard,
    .pointer = found->kinds.pointer,
    .pointer_with_keys = found->kinds.keyboard && found->kinds.pointer,
  };

  input->sort = pf_input_judge (&facts, &input->is_keyboard, &input->is_pointer);
  if (scan->is_tablet && found->is_i8042 && input->is_keyboard == PF_INPUT_LIKELY)
    {
      input->is_keyboard = PF_INPUT_DOUBTFUL;
      input->sort = PF_INPUT_SORT_BUTTONS;
    }
}

/* Returns: whether what it hangs on is known */
static gboolean
connect_input (const InputScan *scan, const char *directory, char **elements, PfInput *input)
{
  const char *adapter = find_adapter (elements);
  g_autofree char *address = NULL;

  if (adapter != NULL)
    return pf_adapters_add_by_name (scan->adapters, adapter, input);
  if (has_element (elements, "virtual"))
    {
      address = read_attribute (scan->tree, directory, "phys");
      return pf_adapters_add_by_address (scan->adapters, address, input);
    }
  pf_scan_adapters_find_place (scan->board, elements, &input->place);
  /* A USB device is in the controller's list already. */
  return input->place.usb == NULL;
}

/* What the kernel calls an input device may say which part of the device it is: "... Consumer Control". */
static char *
read_name (PfTree *tree, const char *directory)
{
  g_autofree char *folder = g_path_get_dirname (directory);
  g_autofree char *device = g_path_get_dirname (folder);
  g_autofree char *uevent = read_attribute (tree, device, "uevent");
  const char *start = uevent != NULL ? strstr (uevent, "HID_NAME=") : NULL;
  g_autofree char *text
      = start != NULL ? g_strndup (start + strlen ("HID_NAME="), strcspn (start + strlen ("HID_NAME="), "\n"))
                      : read_attribute (tree, directory, "name");
  char *name = pf_text_to_name (text);

  return name != NULL ? name : g_strdup ("A keyboard or mouse without name");
}

static Found *
add_found (InputScan *scan, const char *directory, char **elements)
{
  g_autofree char *name = read_name (scan->tree, directory);
  const char *hid = find_hid (elements);
  Found *found = g_new0 (Found, 1);
  PfInput *input = pf_input_new (name);

  g_hash_table_insert (scan->known, g_path_get_dirname (directory), found);
  found->is_i8042 = has_element (elements, "i8042");
  if (hid != NULL)
    {
      found->vendor = (guint16) g_ascii_strtoull (hid + strlen (BLUETOOTH), NULL, 16);
      found->product = (guint16) g_ascii_strtoull (hid + strlen (BLUETOOTH "046D:"), NULL, 16);
    }
  if (!connect_input (scan, directory, elements, input))
    {
      pf_input_free (input);
      return found;
    }
  found->input = input;
  g_ptr_array_add (scan->board->inputs, input);
  return found;
}

static void
scan_input (InputScan *scan, const char *name)
{
  g_autofree char *path = g_strdup_printf (INPUTS "/%s", name);
  g_autofree char *target = pf_tree_read_link (scan->tree, PF_TREE_SYS, path);
  g_auto (GStrv) elements = g_strsplit (target != NULL ? target : "", "/", -1);
  g_autofree char *folder = NULL;
  const char *directory = target;
  PfInputKinds kinds = { 0 };
  Found *found;

  if (target == NULL || !is_hardware (elements))
    return;
  while (g_str_has_prefix (directory, "../"))
    directory += strlen ("../");
  pf_scan_input_one (scan->tree, directory, &kinds);
  if (!kinds.keyboard && !kinds.pointer)
    return;
  folder = g_path_get_dirname (directory);
  found = g_hash_table_lookup (scan->known, folder);
  if (found == NULL)
    found = add_found (scan, directory, elements);
  found->kinds.keyboard |= kinds.keyboard;
  found->kinds.pointer |= kinds.pointer;
}

static void
judge_all (const InputScan *scan)
{
  GHashTableIter iter;
  gpointer found;

  g_hash_table_iter_init (&iter, scan->known);
  while (g_hash_table_iter_next (&iter, NULL, &found))
    if (((const Found *) found)->input != NULL)
      judge (scan, found);
}

/**
 * pf_scan_inputs:
 * @tree: the kernel
 * @board: (inout): a linked board, whose USB devices have been read
 *
 * Adds the keyboards and pointers of this seat that are not USB devices, and what they hang on.
 */
void
pf_scan_inputs (PfTree *tree, PfBoard *board)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, INPUTS);
  g_autoptr (PfAdapters) adapters = pf_adapters_scan (tree, board);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  InputScan scan = { tree, board, adapters, known, is_tablet (tree) };
  guint n = 0;

  for (guint i = 0; i < names->len && n < MAX_INPUTS; i++)
    if (g_str_has_prefix (names->pdata[i], "input"))
      {
        scan_input (&scan, names->pdata[i]);
        n++;
      }
  judge_all (&scan);
}
