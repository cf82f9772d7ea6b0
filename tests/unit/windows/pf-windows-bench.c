/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-windows-bench.h"

#include <string.h>

PfWindowsBench *
pf_windows_bench_new (void)
{
  PfWindowsBench *bench = g_new0 (PfWindowsBench, 1);

  bench->controllers = g_ptr_array_new_with_free_func (g_object_unref);
  bench->routers = g_ptr_array_new ();
  return bench;
}

void
pf_windows_bench_free (PfWindowsBench *bench)
{
  for (guint i = 0; i < bench->routers->len; i++)
    g_clear_object (&g_ptr_array_index (bench->routers, i));
  g_ptr_array_unref (bench->routers);
  g_ptr_array_unref (bench->controllers);
  g_free (bench);
}

static GVariant *
parse_rows (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *rows = g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), text, NULL, NULL, &error);

  g_assert_no_error (error);
  return rows;
}

PfDBusController *
pf_windows_bench_add (PfWindowsBench *bench, const char *address, const char *owner, const char *root_hubs)
{
  PfDBusController *controller = pf_dbus_controller_skeleton_new ();
  g_autoptr (GVariant) hubs = parse_rows (root_hubs);
  g_autofree char *member
      = g_strdup_printf ("[{'address': <'%s'>, 'name': <'USB'>, 'bridge': <false>}]", address);
  g_autoptr (GVariant) members = parse_rows (member);

  pf_dbus_controller_set_address (controller, address);
  pf_dbus_controller_set_name (controller, "Intel Corporation USB Controller");
  pf_dbus_controller_set_vendor (controller, "8086");
  pf_dbus_controller_set_device (controller, "8cb1");
  pf_dbus_controller_set_owner (controller, owner);
  pf_dbus_controller_set_root_hubs (controller, hubs);
  pf_dbus_controller_set_group_members (controller, members);
  g_ptr_array_add (bench->controllers, controller);
  g_ptr_array_add (bench->routers, NULL);
  return controller;
}

static guint
find (PfWindowsBench *bench, const char *address)
{
  for (guint i = 0; i < bench->controllers->len; i++)
    if (g_str_equal (pf_dbus_controller_get_address (bench->controllers->pdata[i]), address))
      return i;
  g_error ("no controller %s", address);
}

void
pf_windows_bench_set_devices (PfWindowsBench *bench, const char *address, const char *devices)
{
  g_autoptr (GVariant) rows = parse_rows (devices);

  pf_dbus_controller_set_devices (bench->controllers->pdata[find (bench, address)], rows);
}

void
pf_windows_bench_route (PfWindowsBench *bench, const char *address, const char *ports)
{
  g_autoptr (GVariant) rows = parse_rows (ports);
  PfDBusRouter *router = pf_dbus_router_skeleton_new ();
  guint i = find (bench, address);

  pf_dbus_router_set_ports (router, rows);
  g_clear_object (&g_ptr_array_index (bench->routers, i));
  bench->routers->pdata[i] = router;
}

#define PORT(name, bit, side, owner, ehci, port)                                                             \
  "{'name': <'" name "'>, 'bit': <uint32 " bit ">, 'side': <'" side "'>, 'owner': <'" owner                  \
  "'>, 'movable': <true>, 'ehci': <'" ehci "'>, 'ehci-port': <uint32 " port                                  \
  ">, 'label': <''>, 'place': <''>, "                                                                        \
  "'colour': <''>}"

/* A router with two ports of EHCI #1 and one of EHCI #2, and two SuperSpeed ports; the port of EHCI #2 is
 * with the guest. */
PfWindowsBench *
pf_windows_bench_new_z97 (void)
{
  PfWindowsBench *bench = pf_windows_bench_new ();

  pf_windows_bench_add (
      bench, "0000:00:14.0", "host",
      "[{'bus': <uint32 3>, 'speed': <uint32 480>, 'ports': <uint32 4>, 'hub-ports': <uint32 0>},"
      " {'bus': <uint32 4>, 'speed': <uint32 5000>, 'ports': <uint32 2>, 'hub-ports': <uint32 0>}]");
  pf_windows_bench_add (bench, "0000:00:1a.0", "guest", "@aa{sv} []");
  pf_windows_bench_add (
      bench, "0000:00:1d.0", "host",
      "[{'bus': <uint32 1>, 'speed': <uint32 480>, 'ports': <uint32 2>, 'hub-ports': <uint32 3>}]");
  pf_windows_bench_route (bench, "0000:00:14.0",
                          "[" PORT ("ehci1/1", "0", "xhci", "host", "0000:00:1d.0", "1") ", " PORT (
                              "ehci1/2", "1", "xhci", "host", "0000:00:1d.0",
                              "2") ", " PORT ("ehci2/1", "8", "ehci", "guest", "0000:00:1a.0", "1") "]");
  return bench;
}
