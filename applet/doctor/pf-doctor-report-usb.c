/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "pf-doctor-file.h"
#include "pf-doctor-report-private.h"
#include "pf-variant.h"

#define DEVICES "sys/bus/usb/devices"
#define CLASS_EHCI 0x0c0320
#define HUB 0x09
#define HID 0x03
#define INTEL 0x8087 /* of its rate matching hubs */
#define HIGH_SPEED 480

static char *
read_of_device (const Report *report, const char *name, const char *attribute)
{
  g_autofree char *folder = g_build_filename (DEVICES, name, NULL);

  return pf_doctor_file_read_attribute (report->root, folder, attribute);
}

static guint
read_hex_of_device (const Report *report, const char *name, const char *attribute)
{
  g_autofree char *text = read_of_device (report, name, attribute);

  return text != NULL ? (guint) strtoul (text, NULL, 16) : 0;
}

static guint
read_number_of_device (const Report *report, const char *name, const char *attribute)
{
  g_autofree char *text = read_of_device (report, name, attribute);

  return text != NULL ? (guint) strtoul (text, NULL, 10) : 0;
}

/* Returns: (transfer full) (nullable): the address of the controller that a device or root hub hangs on */
static char *
find_controller (const Report *report, const char *name)
{
  g_autofree char *path = g_build_filename (DEVICES, name, NULL);
  g_auto (GStrv) parts = pf_doctor_report_split_path (report, path);
  char *address = NULL;

  for (guint i = 0; parts[i] != NULL && !g_str_has_prefix (parts[i], "usb"); i++)
    if (pf_doctor_report_is_pci_address (parts[i]))
      {
        g_free (address);
        address = g_strdup (parts[i]);
      }
  return address;
}

static gboolean
is_root_hub (const char *name)
{
  return g_regex_match_simple ("^usb[0-9]+$", name, 0, 0);
}

/**
 * pf_doctor_report_is_usb_device:
 *
 * Returns: whether @name is what the kernel calls a USB device, for example "3-1.2"; root hubs and interfaces
 * are called otherwise
 */
gboolean
pf_doctor_report_is_usb_device (const char *name)
{
  return g_regex_match_simple ("^[0-9]+-[0-9]+(\\.[0-9]+)*$", name, 0, 0);
}

/* The hub that is built into the chipset behind each of its EHCIs, always at port 1. */
static gboolean
is_rate_matching_hub (const Report *report, const char *name)
{
  g_autofree char *address = NULL;
  const PfDoctorController *controller;

  if (!g_str_has_suffix (name, "-1") || read_hex_of_device (report, name, "idVendor") != INTEL
      || read_hex_of_device (report, name, "bDeviceClass") != HUB)
    return FALSE;
  address = find_controller (report, name);
  controller = pf_doctor_facts_find_controller (report->facts, address);
  return controller != NULL && controller->class_code == CLASS_EHCI;
}

/* --- Controllers --- */

static void
add_root_hub (Report *report, const char *name, gboolean *has_super_speed)
{
  guint ports = read_number_of_device (report, name, "maxchild");
  guint speed = read_number_of_device (report, name, "speed");

  *has_super_speed |= speed > HIGH_SPEED;
  pf_doctor_report_add (report, speed > HIGH_SPEED ? "usb3-ports" : "usb2-ports", "%u", ports);
  if (speed > HIGH_SPEED)
    pf_doctor_report_add (report, "usb3-speed", "%u", speed);
}

/**
 * pf_doctor_report_add_hubs:
 * @address: a USB controller
 * @class_code: its class
 *
 * Adds the ports of its root hubs, and its rate matching hub. A controller without a driver shows neither;
 * then what is usual for the chip holds.
 */
void
pf_doctor_report_add_hubs (Report *report, const char *address, guint class_code)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, DEVICES);
  gboolean has_root_hub = FALSE, has_super_speed = FALSE, has_hub = FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *owner = is_root_hub (names[i]) || is_rate_matching_hub (report, names[i])
                                   ? find_controller (report, names[i])
                                   : NULL;

      if (g_strcmp0 (owner, address) != 0)
        continue;
      if (is_root_hub (names[i]))
        {
          has_root_hub = TRUE;
          add_root_hub (report, names[i], &has_super_speed);
          continue;
        }
      has_hub = TRUE;
      pf_doctor_report_add (report, "hub-ports", "%u", read_number_of_device (report, names[i], "maxchild"));
      pf_doctor_report_add (report, "hub-id", "%04x:%04x", INTEL,
                            read_hex_of_device (report, names[i], "idProduct"));
    }
  if (has_root_hub && class_code == CLASS_EHCI && !has_hub)
    pf_doctor_report_add (report, "hub-ports", "none");
  if (has_root_hub && class_code == 0x0c0330 && !has_super_speed)
    pf_doctor_report_add (report, "usb3-ports", "0");
}

/* --- Sockets --- */

/* Returns: (transfer full) (nullable): the name of the router's port that is @port of the controller at
 * @address */
static char *
find_router_port (const Report *report, const char *address, guint port)
{
  const PfDoctorController *controller = pf_doctor_facts_find_controller (report->facts, address);
  gboolean is_router = controller != NULL && controller->is_router;

  for (guint i = 0; i < report->facts->controllers->len; i++)
    {
      const PfDoctorController *router = g_ptr_array_index (report->facts->controllers, i);

      for (gsize j = 0; router->ports != NULL && j < g_variant_n_children (router->ports); j++)
        {
          g_autoptr (GVariant) entry = g_variant_get_child_value (router->ports, j);
          gboolean is_this = is_router
                                 ? router == controller && pf_variant_get_uint (entry, "xhci-port") == port
                                 : g_str_equal (pf_variant_get_string (entry, "ehci"), address)
                                       && pf_variant_get_uint (entry, "ehci-port") == port;

          if (is_this)
            return g_strdup (pf_variant_get_string (entry, "name"));
        }
    }
  return NULL;
}

/* The port of a controller, or of its rate matching hub, that a device sits in. */
static void
add_socket (Report *report, const char *name, const char *root_hub, guint port)
{
  g_autofree char *address = find_controller (report, name);
  g_autofree char *router_port = NULL;

  pf_doctor_report_add_group (report, "socket", name);
  if (read_number_of_device (report, root_hub, "speed") > HIGH_SPEED)
    {
      pf_doctor_report_add (report, "ss", "%s/%u", address, port);
      return;
    }
  router_port = find_router_port (report, address, port);
  if (router_port != NULL)
    pf_doctor_report_add (report, "port", "%s", router_port);
  else
    pf_doctor_report_add (report, "port", "%s/%u", address, port);
}

/* Returns: (transfer full): the socket of the device, which is added where it is not a hub's: "3-1.4" is at
 * port 4 of the hub "3-1" */
static char *
add_place (Report *report, const char *name)
{
  g_autofree char *root_hub = g_strdup_printf ("usb%d", atoi (name));
  const char *dot = strrchr (name, '.');
  const char *last = dot != NULL ? dot + 1 : strchr (name, '-') + 1;
  g_autofree char *hub = dot != NULL ? g_strndup (name, dot - name) : NULL;

  if (hub != NULL && !is_rate_matching_hub (report, hub))
    return g_strdup_printf ("%s/%s", hub, last);
  add_socket (report, name, root_hub, atoi (last));
  return g_strdup (name);
}

/* --- Devices --- */

/* Returns: (transfer full) (element-type utf8): class, subclass and protocol of each interface */
static GPtrArray *
list_interfaces (const Report *report, const char *name)
{
  GPtrArray *interfaces = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_build_filename (DEVICES, name, NULL);
  g_autofree char *prefix = g_strconcat (name, ":", NULL);
  g_auto (GStrv) names = pf_doctor_file_list (report->root, folder);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *child = g_build_filename (folder, names[i], NULL);

      if (g_str_has_prefix (names[i], prefix))
        g_ptr_array_add (
            interfaces,
            g_strdup_printf ("%02x%02x%02x", pf_doctor_file_read_hex (report->root, child, "bInterfaceClass"),
                             pf_doctor_file_read_hex (report->root, child, "bInterfaceSubClass"),
                             pf_doctor_file_read_hex (report->root, child, "bInterfaceProtocol")));
    }
  return interfaces;
}

/* Returns: (transfer full) (nullable): who has each interface, where a keyboard's or mouse's is not the
 * kernel's */
static char *
list_drivers (const Report *report, const char *name)
{
  g_autofree char *folder = g_build_filename (DEVICES, name, NULL);
  g_autofree char *prefix = g_strconcat (name, ":", NULL);
  g_auto (GStrv) names = pf_doctor_file_list (report->root, folder);
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_elsewhere = FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *child = g_build_filename (folder, names[i], NULL);
      g_autofree char *link = g_build_filename (child, "driver", NULL);
      g_autofree char *driver = NULL;

      if (!g_str_has_prefix (names[i], prefix))
        continue;
      driver = pf_doctor_file_read_link_name (report->root, link);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ";" : "", driver != NULL ? driver : "none");
      is_elsewhere |= pf_doctor_file_read_hex (report->root, child, "bInterfaceClass") == HID
                      && (driver == NULL || g_str_equal (driver, "usbfs"));
    }
  return is_elsewhere ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static gboolean
has_interface (GPtrArray *interfaces, const char *prefix)
{
  for (guint i = 0; i < interfaces->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (interfaces, i), prefix))
      return TRUE;
  return FALSE;
}

static const char *
find_kind (const Report *report, const char *name, GPtrArray *interfaces)
{
  static const struct
  {
    const char *prefix;
    const char *kind;
  } kinds[] = {
    { "080662", "uas" },   { "08", "storage" }, { "0e", "webcam" }, { "e00101", "bluetooth" },
    { "0206", "network" }, { "07", "printer" }, { "01", "audio" },
  };
  gboolean keyboard = has_interface (interfaces, "030101"), mouse = has_interface (interfaces, "030102");

  if (read_hex_of_device (report, name, "bDeviceClass") == HUB)
    return "hub";
  if (keyboard || mouse)
    return keyboard && mouse ? "receiver" : keyboard ? "keyboard" : "mouse";
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (has_interface (interfaces, kinds[i].prefix))
      return kinds[i].kind;
  return "other";
}

static const char *
get_speed (const char *text)
{
  static const char *const known[] = { "1.5", "12", "480", "5000", "10000", "20000" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (text, known[i]) == 0)
      return known[i];
  return "480";
}

static void
add_device (Report *report, const char *name)
{
  g_autoptr (GPtrArray) interfaces = list_interfaces (report, name);
  g_autofree char *socket = add_place (report, name);
  const char *kind = find_kind (report, name, interfaces);
  g_autofree char *speed = read_of_device (report, name, "speed");
  g_autofree char *manufacturer = read_of_device (report, name, "manufacturer");
  g_autofree char *product = read_of_device (report, name, "product");
  g_autofree char *drivers = list_drivers (report, name);
  g_autofree char *list = NULL;

  pf_doctor_report_add_group (report, "device", name);
  pf_doctor_report_add (report, "socket", "%s", socket);
  pf_doctor_report_add (report, "id", "%04x:%04x", read_hex_of_device (report, name, "idVendor"),
                        read_hex_of_device (report, name, "idProduct"));
  pf_doctor_report_add (report, "kind", "%s", kind);
  pf_doctor_report_add (report, "speed", "%s", get_speed (speed));
  pf_doctor_report_add_text (report, "manufacturer", manufacturer);
  pf_doctor_report_add_text (report, "product", product);
  if (g_str_equal (kind, "hub"))
    pf_doctor_report_add (report, "ports", "%u", read_number_of_device (report, name, "maxchild"));
  if (interfaces->len == 0)
    return;
  g_ptr_array_add (interfaces, NULL);
  list = g_strjoinv (";", (char **) interfaces->pdata);
  pf_doctor_report_add (report, "interfaces", "%s", list);
  if (drivers != NULL)
    pf_doctor_report_add (report, "drivers", "%s", drivers);
}

/**
 * pf_doctor_report_add_devices:
 *
 * Adds what is plugged in, and the sockets that it sits in. Names are sorted, so that a hub comes before what
 * is plugged into it.
 */
void
pf_doctor_report_add_devices (Report *report)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, DEVICES);

  for (guint i = 0; names[i] != NULL; i++)
    if (pf_doctor_report_is_usb_device (names[i]) && !is_rate_matching_hub (report, names[i]))
      {
        g_autofree char *address = find_controller (report, names[i]);

        if (address != NULL)
          add_device (report, names[i]);
      }
}
