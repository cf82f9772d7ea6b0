/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the interfaces of a USB device say of what it is for. */

#include "pf-scan-interface.h"

#include <string.h>

#include "pf-scan-input.h"

#define CLASS_HID 0x03
#define CLASS_PRINTER 0x07
#define CLASS_STORAGE 0x08
#define CLASS_HUB 0x09
#define CLASS_SMART_CARD 0x0b
#define SUBCLASS_BOOT 0x01
#define PROTOCOL_KEYBOARD 0x01
#define PROTOCOL_MOUSE 0x02

/* Who has an interface. */
typedef enum
{
  HOLDER_UNKNOWN, /* a copy that does not say it */
  HOLDER_NOBODY,  /* it does nothing: a program that had it has ended without giving it back, for example */
  HOLDER_KERNEL,
  HOLDER_PROGRAM, /* usbfs: QEMU with usb-host, a driver in user space */
} Holder;

/* What is good for typing or pointing comes in the order of the interfaces: of a mouse with keys, the mouse
 * is first. */
typedef struct
{
  PfTree *tree;
  PfUsbDevice *device;
  PfInputFacts facts;
  PfInputKinds kinds;    /* of all input devices */
  PfInputKinds declared; /* by the interfaces themselves */
  guint first_keyboard;
  guint first_pointer;
  gboolean boot_keyboard;
} Reading;

static guint
read_number (PfTree *tree, const char *directory, const char *attribute)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", directory, attribute);
  guint64 value = 0;

  pf_tree_read_uint (tree, PF_TREE_SYS, path, 16, &value);
  return (guint) MIN (value, G_MAXUINT);
}

static Holder
find_holder (PfTree *tree, const char *directory)
{
  g_autofree char *link = g_strdup_printf ("%s/driver", directory);
  g_autofree char *path = g_strdup_printf ("%s/uevent", directory);
  g_autofree char *driver = pf_tree_read_link_name (tree, PF_TREE_SYS, link);
  g_autofree char *uevent = pf_tree_read_text (tree, PF_TREE_SYS, path);

  if (driver != NULL)
    return strcmp (driver, "usbfs") == 0 ? HOLDER_PROGRAM : HOLDER_KERNEL;
  if (uevent == NULL)
    return HOLDER_UNKNOWN;
  if (strstr (uevent, "DRIVER=usbfs") != NULL)
    return HOLDER_PROGRAM;
  return strstr (uevent, "DRIVER=") != NULL ? HOLDER_KERNEL : HOLDER_NOBODY;
}

/* What a HID interface says of itself (HID 1.11, 4.2 and 4.3). */
static PfInputKinds
read_declared (PfTree *tree, const char *directory)
{
  PfInputKinds declared = { 0 };
  guint protocol;

  if (read_number (tree, directory, "bInterfaceSubClass") != SUBCLASS_BOOT)
    return declared;
  protocol = read_number (tree, directory, "bInterfaceProtocol");
  declared.keyboard = protocol == PROTOCOL_KEYBOARD;
  declared.pointer = protocol == PROTOCOL_MOUSE;
  return declared;
}

static void
merge (PfInputKinds *all, const PfInputKinds *kinds)
{
  all->found |= kinds->found;
  all->keyboard |= kinds->keyboard;
  all->pointer |= kinds->pointer;
  all->keyboard_alone |= kinds->keyboard_alone;
  all->paired |= kinds->paired;
  all->receiver |= kinds->receiver;
  all->fido |= kinds->fido;
  all->point_of_sale |= kinds->point_of_sale;
}

/* "3-1:1.2" is interface 2 */
static guint
get_number (const char *directory)
{
  const char *dot = strrchr (directory, '.');

  return dot != NULL ? (guint) g_ascii_strtoull (dot + 1, NULL, 10) : 0;
}

static void
note_order (Reading *reading, const char *directory, const PfInputKinds *kinds)
{
  guint number = get_number (directory);

  if (kinds->keyboard)
    reading->first_keyboard = MIN (reading->first_keyboard, number);
  if (kinds->pointer)
    reading->first_pointer = MIN (reading->first_pointer, number);
}

static void
read_inputs (Reading *reading, const char *directory, gboolean is_hid)
{
  Holder holder = find_holder (reading->tree, directory);
  PfInputKinds declared = { 0 };
  PfInputKinds kinds = { 0 };

  if (is_hid)
    declared = read_declared (reading->tree, directory);
  if (holder == HOLDER_PROGRAM)
    reading->facts.elsewhere |= declared.keyboard || declared.pointer;
  if (holder == HOLDER_PROGRAM || holder == HOLDER_NOBODY)
    return;
  pf_scan_input (reading->tree, directory, &kinds);
  reading->boot_keyboard |= declared.keyboard && kinds.keyboard;
  merge (&reading->kinds, &kinds);
  merge (&reading->declared, &declared);
  note_order (reading, directory, kinds.found ? &kinds : &declared);
}

static void
read_interface (Reading *reading, const char *directory)
{
  guint class_code = read_number (reading->tree, directory, "bInterfaceClass");

  if (class_code == CLASS_STORAGE)
    reading->device->is_storage = TRUE;
  if (class_code == CLASS_PRINTER)
    reading->device->is_printer = TRUE;
  if (class_code == CLASS_SMART_CARD)
    reading->facts.smart_card = TRUE;
  if (class_code != CLASS_HUB && class_code != CLASS_STORAGE)
    read_inputs (reading, directory, class_code == CLASS_HID);
}

static void
read_hub (Reading *reading, const char *directory)
{
  g_autofree char *hub = g_path_get_dirname (directory);

  reading->facts.hub_vendor = (guint16) read_number (reading->tree, hub, "idVendor");
  reading->facts.hub_product = (guint16) read_number (reading->tree, hub, "idProduct");
}

/* The interfaces' own word counts only in a copy that has no input devices. Where the kernel runs, a keyboard
 * without an input device is none: its driver found no keys, or it is a receiver with nothing paired. */
static void
judge (Reading *reading)
{
  PfUsbDevice *device = reading->device;
  PfInputFacts *facts = &reading->facts;
  struct stat status;
  gboolean lives = pf_tree_stat (reading->tree, PF_TREE_SYS, "class/input", &status);
  const PfInputKinds *kinds = reading->kinds.found || lives ? &reading->kinds : &reading->declared;

  facts->vendor = device->vendor;
  facts->product = device->product;
  facts->name = device->name;
  facts->keyboard = kinds->keyboard;
  facts->pointer = kinds->pointer;
  facts->pointer_first = reading->first_pointer < reading->first_keyboard;
  facts->pointer_with_keys = kinds->keyboard && kinds->pointer && kinds->found && !kinds->keyboard_alone
                             && !reading->boot_keyboard;
  facts->fido = reading->kinds.fido;
  facts->point_of_sale = reading->kinds.point_of_sale;
  facts->paired = reading->kinds.paired && reading->kinds.found;
  facts->unpaired = reading->kinds.receiver && !reading->kinds.found;
  device->sort = pf_input_judge (facts, &device->is_keyboard, &device->is_pointer);
}

/**
 * pf_scan_interfaces:
 * @directory: of a USB device, below /sys
 * @entries: (element-type utf8): what is in it
 * @device: (inout): the device; its IDs and its name are known
 *
 * Reads the interfaces of a device, and says what it is for.
 */
void
pf_scan_interfaces (PfTree *tree, const char *directory, const GPtrArray *entries, PfUsbDevice *device)
{
  g_autofree char *prefix = g_strdup_printf ("%s:", device->sysname);
  Reading reading
      = { .tree = tree, .device = device, .first_keyboard = G_MAXUINT, .first_pointer = G_MAXUINT };

  read_hub (&reading, directory);
  for (guint i = 0; i < entries->len; i++)
    {
      const char *entry = g_ptr_array_index (entries, i);
      g_autofree char *path = g_strdup_printf ("%s/%s", directory, entry);

      if (g_str_has_prefix (entry, prefix))
        read_interface (&reading, path);
    }
  judge (&reading);
}
