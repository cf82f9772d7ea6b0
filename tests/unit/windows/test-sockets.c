/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-sections.h"
#include "pf-windows-bench.h"

#define XHCI "0000:00:14.0"
#define EHCI1 "0000:00:1d.0"

static GPtrArray *
build (PfWindowsBench *bench)
{
  return pf_sockets_build (bench->controllers, bench->routers);
}

/* "key speed owner devices", one on a line. */
static void
assert_sockets (PfWindowsBench *bench, const char *expected)
{
  g_autoptr (GPtrArray) sockets = build (bench);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];
      g_autofree char *owner = pf_socket_describe_owner (socket);
      g_autofree char *devices = pf_socket_describe_devices (socket);

      g_string_append_printf (text, "%s: %s, %s, %s\n", socket->key, pf_socket_describe_speed (socket), owner,
                              devices);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

/* A router's ports are not counted again on its EHCIs, but for the third on EHCI #1's hub, which does not
 * move. */
static void
test_router (void)
{
  g_autoptr (PfWindowsBench) bench = pf_windows_bench_new_z97 ();

  assert_sockets (bench, "0000:00:14.0 ehci1/1: USB 3, SuperSpeed, Host, Nothing plugged in\n"
                         "0000:00:14.0 ehci1/2: USB 3, SuperSpeed, Host, Nothing plugged in\n"
                         "0000:00:14.0 ehci2/1: USB 2, Guest, Nothing plugged in\n"
                         "0000:00:1d.0 usb/3: USB 2, Host, Nothing plugged in\n");
}

/* On the xHCI at either speed, on an EHCI, and below hubs: each in the socket it is in. */
static void
test_devices (void)
{
  g_autoptr (PfWindowsBench) bench = pf_windows_bench_new_z97 ();

  pf_windows_bench_set_devices (
      bench, XHCI,
      "[{'sysname': <'3-1'>, 'port': <'ehci1/1'>, 'name': <'Webcam'>, 'hub': <false>},"
      " {'sysname': <'4-2'>, 'port': <''>, 'name': <'Hub'>, 'hub': <true>},"
      " {'sysname': <'4-2.1'>, 'port': <''>, 'name': <'Disk'>, 'hub': <false>},"
      " {'sysname': <'3-2'>, 'port': <'ehci1/2'>, 'name': <'Hub'>, 'hub': <true>},"
      " {'sysname': <'3-4'>, 'port': <''>, 'name': <'Redirected'>, 'hub': <false>}]");
  pf_windows_bench_set_devices (bench, EHCI1,
                                "[{'sysname': <'1-1.3'>, 'port': <''>, 'name': <'Printer'>, 'hub': <false>},"
                                " {'sysname': <'1-1.3.1'>, 'port': <''>, 'name': <'Card'>, 'hub': <false>}]");
  assert_sockets (bench, "0000:00:14.0 ehci1/1: USB 3, SuperSpeed, Host, Webcam\n"
                         "0000:00:14.0 ehci1/2: USB 3, SuperSpeed, Host, Disk\n"
                         "0000:00:14.0 ehci2/1: USB 2, Guest, Nothing plugged in\n"
                         "0000:00:14.0 usb/4: USB 2, Host, Redirected\n"
                         "0000:00:1d.0 usb/3: USB 2, Host, Printer and Card\n");
}

/* A machine without a router: halves are paired by their number; what is left over is a half. */
static void
test_fixed (void)
{
  g_autoptr (PfWindowsBench) bench = pf_windows_bench_new ();

  pf_windows_bench_add (
      bench, "0000:02:00.0", "host",
      "[{'bus': <uint32 1>, 'speed': <uint32 480>, 'ports': <uint32 2>, 'hub-ports': <uint32 0>},"
      " {'bus': <uint32 2>, 'speed': <uint32 10000>, 'ports': <uint32 3>, 'hub-ports': <uint32 0>}]");
  pf_windows_bench_set_devices (bench, "0000:02:00.0",
                                "[{'sysname': <'2-3'>, 'port': <''>, 'name': <'Disk'>, 'hub': <false>}]");
  assert_sockets (bench, "0000:02:00.0 usb/1: USB 3, 10 Gbit/s, Host, Nothing plugged in\n"
                         "0000:02:00.0 usb/2: USB 3, 10 Gbit/s, Host, Nothing plugged in\n"
                         "0000:02:00.0 usb/3: SuperSpeed half only, Host, Disk\n");
}

static void
set_labels (PfDBusController *controller, const char *text)
{
  g_autoptr (GVariant) rows = g_variant_ref_sink (g_variant_new_parsed (text));

  pf_dbus_controller_set_labels (controller, rows);
}

/* What was noted is known also while the guest has the controller, and nothing else is. */
static void
test_lent (void)
{
  g_autoptr (PfWindowsBench) bench = pf_windows_bench_new ();
  PfDBusController *controller = pf_windows_bench_add (bench, "0000:02:00.0", "guest", "@aa{sv} []");

  assert_sockets (bench, "");
  set_labels (controller, "[{'socket': <'usb/2'>, 'label': <'Top'>, 'place': <'rear'>, 'colour': <'red'>}]");
  assert_sockets (bench, "0000:02:00.0 usb/2: USB 2, Guest, Nothing plugged in\n");
}

static void
assert_sections (PfWindowsBench *bench, const char *expected)
{
  g_autoptr (GPtrArray) sockets = build (bench);
  g_autoptr (GPtrArray) sections = pf_sections_list (sockets, bench->controllers);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < sections->len; i++)
    {
      const PfSection *section = sections->pdata[i];

      g_string_append_printf (text, "%s: %u%s%s\n", section->title, section->sockets->len,
                              section->note != NULL ? " " : "", section->note != NULL ? section->note : "");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_sections (void)
{
  g_autoptr (PfWindowsBench) bench = pf_windows_bench_new_z97 ();
  PfDBusController *card = pf_windows_bench_add (bench, "0000:02:00.0", "guest", "@aa{sv} []");

  assert_sections (bench,
                   "Place unknown: 00:14.0 Intel USB: 3\n"
                   "Place unknown: 00:1d.0 Intel USB: 1\n"
                   "Place unknown: 02:00.0 Intel USB: 0 The guest has it, so its sockets cannot be seen from "
                   "here.\n");
  set_labels (card, "[{'socket': <'usb/2'>, 'label': <'Top'>, 'place': <'rear'>, 'colour': <''>},"
                    " {'socket': <'usb/1'>, 'label': <'In'>, 'place': <'internal'>, 'colour': <''>}]");
  assert_sections (bench, "Rear: 1\n"
                          "Inside the case: 1\n"
                          "Place unknown: 00:14.0 Intel USB: 3\n"
                          "Place unknown: 00:1d.0 Intel USB: 1\n");
}

static void
test_plugged (void)
{
  g_autoptr (PfWindowsBench) bench = pf_windows_bench_new_z97 ();
  g_autoptr (GPtrArray) before = build (bench);
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) unplugged = NULL;
  const PfSocketDevice *device = NULL;
  PfSocket *socket;

  pf_windows_bench_set_devices (bench, XHCI,
                                "[{'sysname': <'4-2'>, 'port': <''>, 'name': <'Stick'>, 'hub': <false>}]");
  after = build (bench);
  socket = pf_sockets_find_plugged (before, after, &device);
  g_assert_cmpstr (socket->key, ==, XHCI " ehci1/2");
  g_assert_cmpstr (device->name, ==, "Stick");
  g_assert_null (pf_sockets_find_plugged (after, after, NULL));
  pf_windows_bench_set_devices (bench, XHCI, "@aa{sv} []");
  unplugged = build (bench);
  g_assert_null (pf_sockets_find_plugged (after, unplugged, NULL));
}

static void
test_words (void)
{
  g_autoptr (PfWindowsBench) bench = pf_windows_bench_new_z97 ();
  g_autoptr (GPtrArray) sockets = build (bench);
  PfSocket *socket = pf_sockets_find (sockets, XHCI " ehci2/1");
  g_autoptr (PfSocket) copy = NULL;
  g_autofree char *words = pf_socket_describe (socket);
  g_autofree char *split = NULL;

  g_assert_cmpstr (
      words, ==, "EHCI #2 port 1, USB 2. Guest. Nothing plugged in. EHCI #2 port 1, bit 8, now on the EHCI");
  copy = pf_socket_copy (socket);
  copy->super_speed = 5000;
  g_free (copy->label);
  copy->label = g_strdup ("Front");
  split = pf_socket_describe (copy);
  g_assert_cmpstr (
      split, ==,
      "Front, USB 3, SuperSpeed. USB 2 half: Guest. SuperSpeed half: Host. Nothing plugged in. EHCI #2 "
      "port 1, bit 8, now on the EHCI");
  g_assert_cmpuint (pf_sockets_count_named (sockets), ==, 0);
  for (guint place = 0; place < PF_N_PLACES; place++)
    g_assert_cmpuint (pf_place_from_string (pf_place_to_string ((PfPlace) place)), ==, place);
  g_assert_cmpuint (pf_place_from_string ("below"), ==, PF_PLACE_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sockets/router", test_router);
  g_test_add_func ("/sockets/devices", test_devices);
  g_test_add_func ("/sockets/fixed", test_fixed);
  g_test_add_func ("/sockets/lent", test_lent);
  g_test_add_func ("/sockets/sections", test_sections);
  g_test_add_func ("/sockets/plugged", test_plugged);
  g_test_add_func ("/sockets/words", test_words);
  return g_test_run ();
}
