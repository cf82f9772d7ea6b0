/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-usb-files.h"

#include <stdlib.h>
#include <string.h>

#include "pf-fake-input.h"
#include "pf-fake-uevent.h"

/* What devices of a kind are made of: interfaces as class, subclass and protocol in hexadecimal. */
static const struct
{
  const char *kind;
  const char *speed;
  guint32 device_class;
  const char *interfaces[6];
} kinds[] = {
  { "keyboard", "1.5", 0, { "030101", "030000" } },
  { "mouse", "1.5", 0, { "030102" } },
  { "receiver", "12", 0, { "030101", "030102", "030000" } },
  { "security-key", "12", 0, { "030101", "030000", "0b0000" } },
  { "scanner", "12", 0, { "030101" } },
  { "tablet", "12", 0, { "030000" } },
  { "gamepad", "12", 0, { "030000" } },
  { "storage", "480", 0, { "080650" } },
  { "uas", "5000", 0, { "080662" } },
  { "webcam", "480", 0xef0201, { "0e0100", "0e0200", "010100", "010200" } },
  { "audio", "12", 0, { "010100", "010200", "030000" } },
  { "bluetooth", "12", 0xe00101, { "e00101", "e00101" } },
  { "network", "480", 0, { "020600", "0a0000" } },
  { "printer", "480", 0, { "070102" } },
  { "hub", "480", 0x090001, { "090000" } },
  { "other", "480", 0, { "ff0000" } },
};

static const struct
{
  const char *prefix;
  const char *driver;
} interface_drivers[] = {
  { "03", "usbhid" },        { "080662", "uas" },   { "08", "usb-storage" },
  { "01", "snd-usb-audio" }, { "0e", "uvcvideo" },  { "e00101", "btusb" },
  { "0206", "cdc_ether" },   { "0a", "cdc_ether" }, { "09", "hub" },
  { "07", "usblp" },
};

static guint
find_kind (const PfFakeDevice *spec)
{
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (kinds) && strcmp (kinds[i].kind, spec->kind) != 0)
    i++;
  return i;
}

/**
 * pf_fake_usb_files_get_speed:
 *
 * Returns: Mbit/s, as the speed file has it, where nothing on the way limits it
 */
const char *
pf_fake_usb_files_get_speed (const PfFakeDevice *spec)
{
  return spec->speed != NULL ? spec->speed : kinds[find_kind (spec)].speed;
}

static const char *const *
get_interfaces (const PfFakeDevice *spec)
{
  if (spec->interfaces != NULL)
    return (const char *const *) spec->interfaces;
  return kinds[find_kind (spec)].interfaces;
}

static guint32
get_class (const PfFakeDevice *spec)
{
  return spec->device_class != 0 ? spec->device_class : kinds[find_kind (spec)].device_class;
}

/* The board's word counts; "none" is no driver. */
static const char *
find_interface_driver (const PfFakeDevice *spec, const char *interface, guint number)
{
  if (spec->drivers != NULL && number < g_strv_length (spec->drivers) && strcmp (spec->drivers[number], "-") != 0)
    return strcmp (spec->drivers[number], "none") != 0 ? spec->drivers[number] : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (interface_drivers); i++)
    if (g_str_has_prefix (interface, interface_drivers[i].prefix))
      return interface_drivers[i].driver;
  return NULL;
}

static guint
get_revision (const PfFakeUsb *device)
{
  return device->parent == NULL ? 0x0601 : 0x0100;
}

static void
append_type (const PfFakeUsb *device, GString *text)
{
  guint32 class = get_class (device->spec);

  g_string_append_printf (text, "PRODUCT=%x/%x/%x\n", device->spec->id >> 16, device->spec->id & 0xffff,
                          get_revision (device));
  g_string_append_printf (text, "TYPE=%u/%u/%u\n", class >> 16, class >> 8 & 0xff, class & 0xff);
}

static char *
describe_device (const PfFakeUsb *device)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "MAJOR=189\nMINOR=%u\nDEVNAME=bus/usb/%03u/%03u\n",
                          (device->bus - 1) * 128 + device->number - 1, device->bus, device->number);
  g_string_append (text, "DEVTYPE=usb_device\nDRIVER=usb\n");
  append_type (device, text);
  g_string_append_printf (text, "BUSNUM=%03u\nDEVNUM=%03u\n", device->bus, device->number);
  return g_string_free (text, FALSE);
}

static char *
describe_interface (const PfFakeUsb *device, const char *interface, guint number)
{
  GString *text = g_string_new ("DEVTYPE=usb_interface\n");
  const char *driver = find_interface_driver (device->spec, interface, number);
  guint32 class = get_class (device->spec);
  guint code = strtoul (interface, NULL, 16);

  if (driver != NULL)
    g_string_append_printf (text, "DRIVER=%s\n", driver);
  append_type (device, text);
  g_string_append_printf (text, "INTERFACE=%u/%u/%u\n", code >> 16, code >> 8 & 0xff, code & 0xff);
  g_string_append_printf (text, "MODALIAS=usb:v%04Xp%04Xd%04Xdc%02Xdsc%02Xdp%02Xic%02Xisc%02Xip%02Xin%02X\n",
                          device->spec->id >> 16, device->spec->id & 0xffff, get_revision (device),
                          class >> 16, class >> 8 & 0xff, class & 0xff, code >> 16, code >> 8 & 0xff,
                          code & 0xff, number);
  return g_string_free (text, FALSE);
}

static void
add_link (PfFakeUsb *device, const char *path, PfFakeNode *target)
{
  g_ptr_array_add (device->links, pf_fake_node_add_link_to (device->kernel->sys, path, target));
}

/* Puts @node on the USB bus and under its driver. */
static void
join_bus (PfFakeUsb *device, PfFakeNode *node, const char *driver)
{
  PfFakeNode *bus = pf_fake_node_find (device->kernel->sys, "bus/usb");
  g_autofree char *link = g_strdup_printf ("bus/usb/devices/%s", node->name);

  add_link (device, link, node);
  pf_fake_node_add_link_to (node, "subsystem", bus);
  if (driver != NULL)
    {
      g_autofree char *folder = g_strdup_printf ("drivers/%s", driver);
      g_autofree char *back = g_strdup_printf ("bus/usb/drivers/%s/%s", driver, node->name);

      pf_fake_node_add_link_to (node, "driver", pf_fake_node_add_folder (bus, folder));
      add_link (device, back, node);
    }
}

static void
add_strings (PfFakeUsb *device)
{
  const PfFakeDevice *spec = device->spec;

  if (spec->manufacturer != NULL)
    pf_fake_node_add_text (device->node, "manufacturer", "%s\n", spec->manufacturer);
  if (spec->product != NULL)
    pf_fake_node_add_text (device->node, "product", "%s\n", spec->product);
  if (spec->serial != NULL)
    pf_fake_node_add_text (device->node, "serial", "%s\n", spec->serial);
}

static void
add_numbers (PfFakeUsb *device)
{
  const PfFakeDevice *spec = device->spec;
  guint32 class = get_class (spec);
  double speed = g_ascii_strtod (device->speed, NULL);

  pf_fake_node_add_text (device->node, "idVendor", "%04x\n", spec->id >> 16);
  pf_fake_node_add_text (device->node, "idProduct", "%04x\n", spec->id & 0xffff);
  pf_fake_node_add_text (device->node, "bcdDevice", "%04x\n", get_revision (device));
  pf_fake_node_add_text (device->node, "bDeviceClass", "%02x\n", class >> 16);
  pf_fake_node_add_text (device->node, "bDeviceSubClass", "%02x\n", class >> 8 & 0xff);
  pf_fake_node_add_text (device->node, "bDeviceProtocol", "%02x\n", class & 0xff);
  pf_fake_node_add_text (device->node, "bConfigurationValue", "1\n");
  pf_fake_node_add_text (device->node, "bNumInterfaces", "%2u\n",
                         g_strv_length ((char **) get_interfaces (spec)));
  pf_fake_node_add_text (device->node, "version", " %s\n",
                         speed > 480  ? "3.00"
                         : speed > 12 ? "2.00"
                                      : "1.10");
  pf_fake_node_add_text (device->node, "speed", "%s\n", device->speed);
  pf_fake_node_add_text (device->node, "maxchild", "%d\n", device->ports);
  pf_fake_node_add_text (device->node, "busnum", "%u\n", device->bus);
  pf_fake_node_add_text (device->node, "devnum", "%u\n", device->number);
  pf_fake_node_add_text (device->node, "dev", "189:%u\n", (device->bus - 1) * 128 + device->number - 1);
  pf_fake_node_add_text (device->node, "devpath", "%s\n", device->path);
  pf_fake_node_add_text (device->node, "authorized", "1\n");
  pf_fake_node_add_text (device->node, "removable", "%s\n", device->parent == NULL ? "unknown" : "removable");
  pf_fake_node_add_text (device->node, "power/control", "auto\n");
  pf_fake_node_add_text (device->node, "power/runtime_status", "active\n");
}

static char *
name_interface (const PfFakeUsb *device, guint number)
{
  if (device->parent == NULL)
    return g_strdup_printf ("%u-0:1.%u", device->bus, number);
  return g_strdup_printf ("%s:1.%u", device->sysname, number);
}

static void
add_interface (PfFakeUsb *device, const char *interface, guint number)
{
  g_autofree char *name = name_interface (device, number);
  g_autofree char *environment = describe_interface (device, interface, number);
  const char *driver = find_interface_driver (device->spec, interface, number);
  guint code = strtoul (interface, NULL, 16);
  PfFakeNode *node = pf_fake_node_add_folder (device->node, name);

  pf_fake_node_add_text (node, "bInterfaceClass", "%02x\n", code >> 16);
  pf_fake_node_add_text (node, "bInterfaceSubClass", "%02x\n", code >> 8 & 0xff);
  pf_fake_node_add_text (node, "bInterfaceProtocol", "%02x\n", code & 0xff);
  pf_fake_node_add_text (node, "bInterfaceNumber", "%02x\n", number);
  pf_fake_node_add_text (node, "bAlternateSetting", " 0\n");
  pf_fake_node_add_text (node, "authorized", "1\n");
  pf_fake_node_add_text (node, "uevent", "%s", environment);
  join_bus (device, node, driver);
  pf_fake_uevent_send (device->kernel, "add", node, "usb", environment);
  if (code >> 16 == 0x03 && g_strcmp0 (driver, "usbhid") == 0)
    pf_fake_input_add (device, node, code & 0xffff, number);
  if (driver != NULL)
    pf_fake_uevent_send (device->kernel, "bind", node, "usb", environment);
}

static void
add_ports (PfFakeUsb *hub)
{
  g_autofree char *interface = name_interface (hub, 0);

  for (int port = 1; port <= hub->ports; port++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%s-port%d/connect_type", interface, hub->sysname, port);

      pf_fake_node_add_text (hub->node, name, "hotplug\n");
    }
}

/**
 * pf_fake_usb_files_add:
 * @parent: folder of the hub or controller it is below
 *
 * Shows @device and its interfaces in sys, and says so in uevents.
 */
void
pf_fake_usb_files_add (PfFakeUsb *device, PfFakeNode *parent)
{
  g_autofree char *environment = describe_device (device);
  const char *const *interfaces = get_interfaces (device->spec);

  device->node = pf_fake_node_add_own_folder (parent, device->sysname);
  add_numbers (device);
  add_strings (device);
  pf_fake_node_add_text (device->node, "uevent", "%s", environment);
  join_bus (device, device->node, "usb");
  pf_fake_uevent_send (device->kernel, "add", device->node, "usb", environment);
  for (guint i = 0; interfaces[i] != NULL; i++)
    add_interface (device, interfaces[i], i);
  add_ports (device);
  pf_fake_node_mark_files_stable (device->node);
  pf_fake_uevent_send (device->kernel, "bind", device->node, "usb", environment);
}

/**
 * pf_fake_usb_files_get_interface:
 *
 * Returns: (transfer none): the folder of an interface
 */
PfFakeNode *
pf_fake_usb_files_get_interface (const PfFakeUsb *device, guint number)
{
  g_autofree char *name = name_interface (device, number);

  return pf_fake_node_find (device->node, name);
}

static void
remove_interface (PfFakeUsb *device, const char *interface, guint number)
{
  g_autofree char *environment = describe_interface (device, interface, number);
  PfFakeNode *node = pf_fake_usb_files_get_interface (device, number);

  if (find_interface_driver (device->spec, interface, number) != NULL)
    pf_fake_uevent_send (device->kernel, "unbind", node, "usb", environment);
  pf_fake_uevent_send (device->kernel, "remove", node, "usb", environment);
}

/**
 * pf_fake_usb_files_remove:
 *
 * Takes everything away that pf_fake_usb_files_add() has shown.
 */
void
pf_fake_usb_files_remove (PfFakeUsb *device)
{
  g_autofree char *environment = describe_device (device);
  const char *const *interfaces = get_interfaces (device->spec);

  pf_fake_input_remove (device);
  for (guint i = 0; interfaces[i] != NULL; i++)
    remove_interface (device, interfaces[i], i);
  pf_fake_node_remove_all (device->links);
  pf_fake_uevent_send (device->kernel, "unbind", device->node, "usb", environment);
  pf_fake_uevent_send (device->kernel, "remove", device->node, "usb", environment);
  pf_fake_node_remove (device->node);
}
