/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock-helper.h"

/* A board that has everything a terminal has to cope with: a router, a shared group with a bridge, a
 * controller lent by others, one without an IOMMU, names of wide characters, and a device that tries to steer
 * the terminal. */

static GVariant *
parse (const char *type, const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = g_variant_parse (G_VARIANT_TYPE (type), text, NULL, NULL, &error);

  g_assert_no_error (error);
  return value;
}

void
mock_board_publish_object (MockHelper *mock,
                           const char *path,
                           GDBusInterfaceSkeleton *first,
                           GDBusInterfaceSkeleton *second)
{
  g_autoptr (GDBusObjectSkeleton) object = g_dbus_object_skeleton_new (path);

  g_dbus_object_skeleton_add_interface (object, first);
  if (second != NULL)
    g_dbus_object_skeleton_add_interface (object, second);
  g_dbus_object_manager_server_export (mock->server, object);
}

static PfDBusController *
new_controller (const char *address, const char *ids, const char *kind, const char *driver, const char *name)
{
  PfDBusController *controller = pf_dbus_controller_skeleton_new ();
  g_auto (GStrv) parts = g_strsplit (ids, ":", 2);
  static const char *const none[] = { NULL };

  g_object_set (controller, "address", address, "vendor", parts[0], "device", parts[1], "subsystem",
                "1849:8cb1", "name", name, "kind", kind, "driver", driver, "owner", "host", "lent-by", "",
                "iommu-group", -1, "reset-methods", none, "holder", "", "problem", "", "problem-code", "",
                "warning", "", NULL);
  pf_dbus_controller_set_group_members (controller, parse ("aa{sv}", "[]"));
  pf_dbus_controller_set_root_hubs (controller, parse ("aa{sv}", "[]"));
  pf_dbus_controller_set_devices (controller, parse ("aa{sv}", "[]"));
  return controller;
}

static void
publish (MockHelper *mock, PfDBusController *controller, PfDBusRouter *router)
{
  g_autofree char *path = pf_bus_controller_path (pf_dbus_controller_get_address (controller));

  mock_board_publish_object (mock, path, G_DBUS_INTERFACE_SKELETON (controller),
                             router != NULL ? G_DBUS_INTERFACE_SKELETON (router) : NULL);
}

PfDBusController *
mock_helper_add_plain_controller (MockHelper *mock, const char *address)
{
  PfDBusController *controller = new_controller (address, "1033:0194", "xhci", "xhci_hcd", "Card");

  publish (mock, controller, NULL);
  return controller;
}

static PfDBusRouter *
new_router (void)
{
  PfDBusRouter *router = pf_dbus_router_skeleton_new ();

  g_object_set (router, "chipset", "Wildcat Point-H (9 Series, Z97/H97)", "value", 0x30ff, "writable-mask",
                0x3fff, "super-speed-value", 0x3f, NULL);
  pf_dbus_router_set_ports (
      router,
      parse ("aa{sv}",
             "[{'name': <'ehci1/1'>, 'bit': <uint32 0>, 'label': <'front left'>, 'side': <'xhci'>,"
             "  'owner': <'host'>, 'movable': <true>, 'ehci': <'0000:00:1d.0'>, 'ehci-port': <uint32 1>,"
             "  'xhci-port': <uint32 1>, 'devices': <['Logitech Unifying Receiver']>},"
             " {'name': <'ehci2/1'>, 'bit': <uint32 8>, 'label': <''>, 'side': <'ehci'>,"
             "  'owner': <'guest'>, 'movable': <true>, 'ehci': <'0000:00:1a.0'>, 'ehci-port': <uint32 1>,"
             "  'xhci-port': <uint32 5>,"
             "  'devices': <['USB 键盘和鼠标接收器', 'A very long name of a device behind a hub']>},"
             " {'name': <'ehci2/6'>, 'bit': <uint32 13>, 'label': <'below the desk, at the back'>,"
             "  'side': <'xhci'>, 'owner': <'host'>, 'movable': <false>, 'ehci': <''>,"
             "  'ehci-port': <uint32 6>, 'xhci-port': <uint32 12>, 'devices': <@as []>}]"));
  return router;
}

static void
publish_intel (MockHelper *mock)
{
  PfDBusController *xhci = new_controller ("0000:00:14.0", "8086:8cb1", "xhci", "xhci_hcd",
                                           "Intel Corporation 9 Series Chipset Family USB xHCI Controller");
  PfDBusController *ehci
      = new_controller ("0000:00:1a.0", "8086:8cad", "ehci", "vfio-pci",
                        "Intel Corporation 9 Series Chipset Family USB EHCI Controller #2");
  static const char *const flr[] = { "af_flr", "pm", NULL };

  g_object_set (xhci, "iommu-group", 5, "warning", "This controller cannot be reset.", NULL);
  pf_dbus_controller_set_root_hubs (xhci, parse ("aa{sv}", "[{'bus': <uint32 3>, 'speed': <uint32 480>,"
                                                           " 'ports': <uint32 14>}]"));
  pf_dbus_controller_set_devices (
      xhci,
      parse ("aa{sv}", "[{'sysname': <'3-1'>, 'port': <'ehci1/1'>, 'vendor': <'046d'>, 'product': <'c52b'>,"
                       "  'name': <'Logitech Unifying Receiver'>, 'speed': <uint32 12>, 'hub': <false>,"
                       "  'input': <'keyboard pointer'>, 'storage': <false>},"
                       " {'sysname': <'3-14'>, 'port': <''>, 'vendor': <'1234'>, 'product': <'5678'>,"
                       "  'name': <'Evil \\u001b]0;title\\u0007 stick'>, 'speed': <uint32 480>,"
                       "  'hub': <false>, 'input': <''>, 'storage': <true>}]"));
  g_object_set (ehci, "iommu-group", 12, "owner", "guest", "lent-by", "portferry", "reset-methods", flr,
                "holder", "qemu-system-x86 (4242)", NULL);
  publish (mock, xhci, new_router ());
  publish (mock, ehci, NULL);
}

static void
publish_others (MockHelper *mock)
{
  PfDBusController *amd
      = new_controller ("0000:21:00.3", "1022:149c", "xhci", "vfio-pci",
                        "Advanced Micro Devices, Inc. [AMD] Matisse USB 3.0 Host Controller");
  PfDBusController *card
      = new_controller ("10000:e1:00.0", "1033:0194", "xhci", "", "瑞萨电子 USB 3.0 主控制器 (uPD720201)");

  g_object_set (amd, "iommu-group", 21, "owner", "guest", "lent-by", "others", NULL);
  pf_dbus_controller_set_group_members (
      amd,
      parse ("aa{sv}", "[{'address': <'0000:20:07.1'>, 'name': <'AMD Internal PCIe GPP Bridge'>,"
                       "  'driver': <'pcieport'>, 'class': <'0604'>, 'vendor': <'1022'>, 'device': <'1484'>,"
                       "  'bridge': <true>},"
                       " {'address': <'0000:21:00.3'>, 'name': <'AMD Matisse USB 3.0 Host Controller'>,"
                       "  'driver': <'vfio-pci'>, 'class': <'0c0330'>, 'vendor': <'1022'>,"
                       "  'device': <'149c'>, 'bridge': <false>},"
                       " {'address': <'0000:21:00.4'>, 'name': <'AMD Starship/Matisse HD Audio Controller'>,"
                       "  'driver': <''>, 'class': <'0403'>, 'vendor': <'1022'>, 'device': <'1487'>,"
                       "  'bridge': <false>}]"));
  g_object_set (
      card, "owner", "nobody", "subsystem", "", "problem",
      "It is in no IOMMU group. Switch the IOMMU on in the firmware, and start Linux with intel_iommu=on.",
      "problem-code", "NoIommu", NULL);
  publish (mock, card, NULL);
  publish (mock, amd, NULL);
}

void
mock_board_publish (MockHelper *mock)
{
  publish_others (mock);
  publish_intel (mock);
}

GVariant *
mock_board_moves (const char *from, const char *to)
{
  return g_variant_new_parsed (
      "[{'kind': <'controller'>, 'name': <'Intel EHCI #2'>, 'address': <'0000:00:1a.0'>,"
      "  'from': <%s>, 'to': <%s>},"
      " {'kind': <'device'>, 'name': <'Logitech Unifying Receiver'>, 'address': <'3-1'>,"
      "  'from': <%s>, 'to': <%s>, 'input': <'keyboard pointer'>, 'storage': <false>}]",
      from, to, from, to);
}

GVariant *
mock_board_objections (void)
{
  return parse ("aa{sv}",
                "[{'code': <'last-keyboard'>, 'severity': <'soft'>, 'message': <'“Logitech Unifying"
                " Receiver” is the last keyboard.'>, 'address': <'0000:00:14.0'>},"
                " {'code': <'root-disk'>, 'severity': <'hard'>, 'message': <'The root disk is on “Evil"
                " stick”.'>, 'address': <''>, 'what': <'sdb1'>}]");
}
