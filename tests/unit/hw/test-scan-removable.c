/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be unplugged, by the kernel's word and by the bridges on the way. */

#include "pf-test-tree.h"

#define ROOT "pci0000:00"
#define ROOT_PORT ROOT "/0000:00:1d.0"
#define UP ROOT_PORT "/0000:06:00.0"
#define OUT UP "/0000:07:01.0"
#define OWN UP "/0000:07:02.0"
#define DOCK_UP OUT "/0000:09:00.0"
#define DOCK_OUT DOCK_UP "/0000:0a:04.0"

#define ALPINE_RIDGE                                                                                         \
  {                                                                                                          \
    0x8086, 0x15d3, 0, 0                                                                                     \
  }

static const PfTestFunction root_port
    = { ROOT_PORT, { 0x8086, 0x9d18, 0, 0 }, 0x060400, "pcieport", 7, 0x81 };
static const PfTestFunction up = { UP, ALPINE_RIDGE, 0x060400, "pcieport", 7, 1 };
static const PfTestFunction out = { OUT, ALPINE_RIDGE, 0x060400, "pcieport", 7, 1 };
static const PfTestFunction own = { OWN, ALPINE_RIDGE, 0x060400, "pcieport", 7, 1 };
static const PfTestFunction dock_up = { DOCK_UP, ALPINE_RIDGE, 0x060400, "pcieport", 7, 1 };
static const PfTestFunction dock_out = { DOCK_OUT, ALPINE_RIDGE, 0x060400, "pcieport", 7, 1 };
static const PfTestFunction own_xhci
    = { OWN "/0000:2c:00.0", { 0x8086, 0x15d4, 0, 0 }, 0x0c0330, "xhci_hcd", 7, 0 };
static const PfTestFunction dock_xhci
    = { DOCK_OUT "/0000:0c:00.0", { 0x8086, 0x15d4, 0, 0 }, 0x0c0330, "xhci_hcd", 7, 0 };
static const PfTestFunction card
    = { ROOT_PORT "/0000:03:00.0", { 0x1912, 0x0014, 0, 0 }, 0x0c0330, "xhci_hcd", 8, 0 };

static PfTestTree *
make_laptop (void)
{
  PfTestTree *tree = pf_test_tree_new ();

  pf_test_tree_add_function (tree, &root_port);
  pf_test_tree_add_function (tree, &up);
  pf_test_tree_add_function (tree, &out);
  pf_test_tree_add_function (tree, &own);
  pf_test_tree_add_function (tree, &dock_up);
  pf_test_tree_add_function (tree, &dock_out);
  pf_test_tree_add_function (tree, &own_xhci);
  pf_test_tree_add_function (tree, &dock_xhci);
  return tree;
}

static void
check (const PfTestTree *tree, const char *address, gboolean removable)
{
  g_autoptr (PfBoard) board = pf_test_tree_scan (tree);

  g_assert_cmpint (pf_board_find_function (board, address)->is_removable, ==, removable);
}

/* The dock's controller can be unplugged; that in the computer's own chip cannot. */
static void
test_topology (void)
{
  g_autoptr (PfTestTree) tree = make_laptop ();

  check (tree, "0000:0c:00.0", TRUE);
  check (tree, "0000:2c:00.0", FALSE);
}

static void
test_word (void)
{
  g_autoptr (PfTestTree) tree = make_laptop ();

  pf_test_tree_set (tree, &dock_xhci, "removable", "unknown\n");
  check (tree, "0000:0c:00.0", TRUE);
  pf_test_tree_set (tree, &dock_xhci, "removable", "fixed\n");
  check (tree, "0000:0c:00.0", FALSE);
  pf_test_tree_set (tree, &dock_xhci, "removable", "removable\n");
  check (tree, "0000:0c:00.0", TRUE);
}

/* Older kernels say "removable" of all behind a port that faces outwards. */
static void
test_own_chip (void)
{
  g_autoptr (PfTestTree) tree = make_laptop ();

  pf_test_tree_set (tree, &own_xhci, "removable", "removable\n");
  check (tree, "0000:2c:00.0", FALSE);
  pf_test_tree_write (tree, "proc/sys/kernel/osrelease", "6.12.3-amd64\n");
  check (tree, "0000:2c:00.0", FALSE);
  pf_test_tree_write (tree, "proc/sys/kernel/osrelease", "6.13.0-amd64\n");
  check (tree, "0000:2c:00.0", TRUE);
}

/* Config space of a root port with a PCI Express capability at 0x40, and its slot. */
static void
set_slot (const PfTestTree *tree, guint32 slot)
{
  g_autofree char *path = g_strdup_printf ("sys/devices/%s/config", root_port.place);
  guint8 config[256] = { 0x86, 0x80, 0x18, 0x9d };

  config[0x06] = 0x10;
  config[0x0e] = 1;
  config[0x34] = 0x40;
  config[0x40] = 0x10;
  config[0x43] = 0x01;
  config[0x54] = (guint8) slot;
  pf_test_tree_write_bytes (tree, path, config, sizeof config);
}

static void
test_slot (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();

  pf_test_tree_add_function (tree, &root_port);
  pf_test_tree_add_function (tree, &card);
  check (tree, "0000:03:00.0", FALSE);
  set_slot (tree, 0x40);
  check (tree, "0000:03:00.0", FALSE);
  set_slot (tree, 0x60);
  check (tree, "0000:03:00.0", TRUE);
}

/* A chip that nobody knows by its ID, with the capability that Intel gives all of them. */
static void
test_vsec (void)
{
  static const char *const places[] = { UP, OUT, DOCK_UP, DOCK_OUT };
  g_autoptr (PfTestTree) tree = make_laptop ();
  guint8 config[4096] = { 0x86, 0x80 };

  config[0x0e] = 1;
  config[0x100] = 0x0b;
  config[0x102] = 0x01;
  config[0x104] = 0x34;
  config[0x105] = 0x12;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *device = g_strdup_printf ("sys/devices/%s/device", places[i]);

      pf_test_tree_write (tree, device, "0xfff0\n");
    }
  check (tree, "0000:0c:00.0", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_strdup_printf ("sys/devices/%s/config", places[i]);

      pf_test_tree_write_bytes (tree, path, config, sizeof config);
    }
  check (tree, "0000:0c:00.0", TRUE);
}

/* A list of capabilities that leads in a circle has an end all the same. */
static void
test_circle (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autofree char *path = g_strdup_printf ("sys/devices/%s/config", root_port.place);
  guint8 config[4096];

  for (guint i = 0; i < sizeof config; i++)
    config[i] = 0x40;
  config[0x00] = 0x86;
  config[0x01] = 0x80;
  config[0x06] = 0x10;
  pf_test_tree_add_function (tree, &root_port);
  pf_test_tree_add_function (tree, &card);
  pf_test_tree_write_bytes (tree, path, config, sizeof config);
  check (tree, "0000:03:00.0", FALSE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-removable/topology", test_topology);
  g_test_add_func ("/scan-removable/word", test_word);
  g_test_add_func ("/scan-removable/own-chip", test_own_chip);
  g_test_add_func ("/scan-removable/slot", test_slot);
  g_test_add_func ("/scan-removable/vsec", test_vsec);
  g_test_add_func ("/scan-removable/circle", test_circle);
  return g_test_run ();
}
