/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/stat.h>

#include <gio/gio.h>

#include "pf-test-tree.h"
#include "pf-text.h"

#define ROOT "pci0000:00"
#define XHCI ROOT "/0000:00:14.0"
#define BRIDGE ROOT "/0000:00:1c.4"
#define CARD BRIDGE "/0000:03:00.0"

static const PfTestFunction xhci = { XHCI, { 0x8086, 0x8cb1, 0x1849, 0x8cb1 }, 0x0c0330, "xhci_hcd", 4, 0 };
static const PfTestFunction bridge = { BRIDGE, { 0x8086, 0x8c98, 0, 0 }, 0x060400, "pcieport", 9, 0x81 };
static const PfTestFunction card = { CARD, { 0x1912, 0x0014, 0, 0 }, 0x0c0330, "vfio-pci", 9, 0 };

static PfTestTree *
make_tree (void)
{
  PfTestTree *tree = pf_test_tree_new ();

  pf_test_tree_add_function (tree, &xhci);
  pf_test_tree_add_function (tree, &bridge);
  pf_test_tree_add_function (tree, &card);
  pf_test_tree_add_usb (tree, XHCI "/usb3", "speed=480;maxchild=15;busnum=3");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1",
                        "idVendor=fff9;idProduct=0001;bDeviceClass=00;product=Webcam");
  return tree;
}

static const PfUsbDevice *
get_only_device (const PfBoard *board)
{
  const PfController *controller = pf_board_find_controller (board, "0000:00:14.0");

  g_assert_cmpuint (controller->devices->len, ==, 1);
  return g_ptr_array_index (controller->devices, 0);
}

static void
assert_is_harmless (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, PF_TEXT_MAX_NAME);
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    g_assert_true (g_unichar_isprint (g_utf8_get_char (c)));
}

static void
test_product_text (void)
{
  static const char *const products[] = {
    "\033]0;owned\007\033[2JKeyboard", /* drives a terminal */
    "\302\233"
    "31mKeyboard",                      /* the same, with an 8-bit CSI */
    "\342\200\256draobyeK",             /* right-to-left override */
    "Key\377\376board \303",            /* no UTF-8 */
    "Key\nboard\r\nDRIVER=vfio-pci\tx", /* more lines */
  };

  for (guint i = 0; i < G_N_ELEMENTS (products); i++)
    {
      g_autoptr (PfTestTree) tree = make_tree ();
      g_autoptr (PfBoard) board = NULL;

      pf_test_tree_set (tree, &xhci, "usb3/3-1/product", products[i]);
      board = pf_test_tree_scan (tree);
      assert_is_harmless (get_only_device (board)->name);
      g_assert_cmpuint (strlen (get_only_device (board)->name), >, 0);
    }
}

static void
test_huge_attributes (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *huge = g_strnfill (1024 * 1024, 'A');

  for (guint i = 0; i < 6; i++)
    {
      static const char *const attributes[] = { "driver_override",  "reset_method",     "uevent",
                                                "subsystem_vendor", "usb3/3-1/product", "usb3/maxchild" };

      pf_test_tree_set (tree, &xhci, attributes[i], huge);
    }
  board = pf_test_tree_scan (tree);
  assert_is_harmless (get_only_device (board)->name);
  g_assert_cmpint (g_utf8_strlen (get_only_device (board)->name, -1), ==, PF_TEXT_MAX_NAME);
  assert_is_harmless (pf_board_find_function (board, "0000:00:14.0")->driver_override);
}

/* No link leads out of the tree, be it relative or absolute. */
static void
test_links_out (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *secret = pf_test_tree_path (tree, "secret");
  g_autofree char *above = pf_test_tree_path (tree, "sys");

  pf_test_tree_write (tree, "secret", "0x1234\n");
  pf_test_tree_link (tree, "sys/devices/" XHCI "/vendor", "../../../../secret");
  pf_test_tree_link (tree, "sys/devices/" XHCI "/device", secret);
  pf_test_tree_link (tree, "sys/devices/" XHCI "/driver_override",
                     "../../../../../../../../../../etc/passwd");
  pf_test_tree_link (tree, "sys/bus/pci/devices/0000:00:15.0", "../../../../../../../../../etc");
  pf_test_tree_link (tree, "sys/bus/pci/devices/0000:00:16.0", above);
  pf_test_tree_link (tree, "sys/devices/" XHCI "/subsystem_vendor", "/proc/self/fd/0");
  board = pf_test_tree_scan (tree);
  g_assert_cmphex (pf_board_find_function (board, "0000:00:14.0")->vendor, ==, 0);
  g_assert_cmphex (pf_board_find_function (board, "0000:00:14.0")->device, ==, 0);
  g_assert_null (pf_board_find_function (board, "0000:00:14.0")->driver_override);
  g_assert_cmpuint (board->controllers->len, ==, 2);
}

static void
test_odd_entries (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *fifo = pf_test_tree_path (tree, "sys/devices/" XHCI "/driver_override");
  g_autofree char *fifo_node = pf_test_tree_path (tree, "dev/vfio/4");

  pf_test_tree_write (tree, "sys/bus/pci/devices/0000:00:1f.\033[2J/class", "0x0c0330\n");
  pf_test_tree_write (tree, "sys/bus/pci/devices/0000:00:1f.9/class", "0x0c0330\n");
  pf_test_tree_write (tree, "sys/bus/pci/devices/..0000:00:1f.0/class", "0x0c0330\n");
  pf_test_tree_write (tree, "sys/bus/pci/devices/0000:00:1f.0/class", "0xnonsense\n");
  pf_test_tree_write (tree, "sys/bus/pci/devices/0000:00:1f.1", "a file\n");
  pf_test_tree_write (tree, "sys/devices/" XHCI "/usb3/3-\033[2J/idVendor", "fff9\n");
  pf_test_tree_write (tree, "sys/devices/" XHCI "/usb3/3-1/3-1.1/idVendor", "fff9\n"); /* below no hub */
  pf_test_tree_write (tree, "sys/devices/" XHCI "/usb3/3-1.1/idVendor", "fff9\n");
  pf_test_tree_write (tree, "sys/devices/" XHCI "/usb3/4-1/idVendor", "fff9\n");
  pf_test_tree_write (tree, "sys/devices/" XHCI "/usb3/3-12345/idVendor", "fff9\n");
  pf_test_tree_write (tree, "sys/devices/" XHCI "/usb-3/4-1/idVendor", "fff9\n");
  pf_test_tree_remove (tree, "sys/devices/" XHCI "/driver_override");
  g_assert_no_errno (mkfifo (fifo, 0600));
  pf_test_tree_make_directory (tree, "dev/vfio");
  g_assert_no_errno (mkfifo (fifo_node, 0600));
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->controllers->len, ==, 2);
  g_assert_cmpstr (get_only_device (board)->sysname, ==, "3-1");
  g_assert_null (pf_board_find_function (board, "0000:00:14.0")->driver_override);
  g_assert_cmpuint (board->others->len, ==, 2);
}

/* Hubs in hubs without end. */
static void
test_endless_hubs (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GString) place = g_string_new (XHCI "/usb3");
  g_autoptr (GString) name = g_string_new ("3-2");

  for (guint i = 0; i < 20; i++)
    {
      g_string_append_printf (place, "/%s", name->str);
      pf_test_tree_add_usb (tree, place->str, "idVendor=05e3;idProduct=0608;bDeviceClass=09;maxchild=4");
      g_string_append (name, ".1");
    }
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (pf_board_find_controller (board, "0000:00:14.0")->devices->len, ==, 1 + 7);
}

static void
test_nothing_but_names (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfBoard) board = NULL;
  const PfFunction *function;

  pf_test_tree_write (tree, "sys/bus/pci/devices/10000:e1:00.0/class", "0x0c0330\n");
  pf_test_tree_make_directory (tree, "sys/bus/pci/devices/0000:00:1f.0");
  board = pf_test_tree_scan (tree);
  function = pf_board_find_function (board, "10000:e1:00.0");
  g_assert_nonnull (function);
  g_assert_cmpstr (function->path, ==, "pci10000:e1/00.0");
  g_assert_cmpstr (function->name, ==, "xHCI USB controller 0000:0000");
  g_assert_null (function->driver);
  g_assert_cmpint (function->iommu_group, ==, -1);
  g_assert_cmpuint (board->others->len, ==, 1);
}

/* @attribute of a function in the copy; the copy is the tree's "copy" */
static void
copy_without_links (const PfTestTree *tree)
{
  g_autofree char *from = pf_test_tree_path (tree, "sys/bus/pci/devices");
  g_autofree char *groups = pf_test_tree_path (tree, "sys/kernel/iommu_groups");
  g_autofree char *to = pf_test_tree_path (tree, "copy/bus/pci/");
  g_autofree char *groups_to = pf_test_tree_path (tree, "copy/kernel/");
  g_autoptr (GError) error = NULL;
  const char *const commands[][5] = {
    { "cp", "-rL", from, to, NULL },
    { "cp", "-rL", groups, groups_to, NULL },
  };

  pf_test_tree_make_directory (tree, "copy/bus/pci");
  pf_test_tree_make_directory (tree, "copy/kernel");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      /* It complains of links that lead in a circle, as in the real /sys. */
      g_autoptr (GSubprocess) cp = g_subprocess_newv (commands[i], G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);

      g_assert_no_error (error);
      g_assert_true (g_subprocess_wait (cp, NULL, &error));
      g_assert_no_error (error);
    }
}

static void
check_copy (const PfTestTree *tree)
{
  g_autofree char *sys = pf_test_tree_path (tree, "copy");
  g_autoptr (PfTree) opened = pf_tree_new (sys, NULL, NULL, NULL);
  g_autoptr (PfBoard) board = NULL;
  const PfFunction *function;

  g_assert_nonnull (opened);
  board = pf_scan (opened, tree->chipsets, tree->names, NULL, NULL);
  g_assert_nonnull (board);
  g_assert_cmpuint (board->controllers->len, ==, 2);
  function = pf_board_find_function (board, "0000:03:00.0");
  g_assert_cmpstr (function->path, ==, "pci0000:00/1c.4/00.0");
  g_assert_cmpstr (function->driver, ==, "vfio-pci");
  g_assert_cmpint (function->iommu_group, ==, 9);
  function = pf_board_find_function (board, "0000:00:1c.4");
  g_assert_cmpuint (function->header_type, ==, 1);
  g_assert_cmpstr (function->driver, ==, "pcieport");
  g_assert_cmpuint (pf_board_find_group (board, 9)->members->len, ==, 2);
  g_assert_cmpstr (get_only_device (board)->name, ==, "Webcam");
}

static void
test_copy_without_links (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();

  copy_without_links (tree);
  check_copy (tree);
}

/* As above, and whoever made the copy was not root, or left the binary files out. */
static void
test_copy_without_config (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();

  copy_without_links (tree);
  pf_test_tree_remove (tree, "copy/bus/pci/devices/0000:00:1c.4/config");
  pf_test_tree_remove (tree, "copy/bus/pci/devices/0000:00:14.0/config");
  check_copy (tree);
}

/* Only the functions themselves: who is below which bridge stands in the bridges' config space. */
static void
test_flat_copy (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  guint8 config[64] = { [0x0e] = 0x81, [0x18] = 0x00, [0x19] = 0x03, [0x1a] = 0x03 };

  copy_without_links (tree);
  pf_test_tree_remove (tree, "copy/bus/pci/devices/0000:00:1c.4/0000:03:00.0");
  pf_test_tree_write_bytes (tree, "copy/bus/pci/devices/0000:00:1c.4/config", config, sizeof config);
  check_copy (tree);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-hostile/product-text", test_product_text);
  g_test_add_func ("/scan-hostile/huge-attributes", test_huge_attributes);
  g_test_add_func ("/scan-hostile/links-out", test_links_out);
  g_test_add_func ("/scan-hostile/odd-entries", test_odd_entries);
  g_test_add_func ("/scan-hostile/endless-hubs", test_endless_hubs);
  g_test_add_func ("/scan-hostile/nothing-but-names", test_nothing_but_names);
  g_test_add_func ("/scan-hostile/copy-without-links", test_copy_without_links);
  g_test_add_func ("/scan-hostile/copy-without-config", test_copy_without_config);
  g_test_add_func ("/scan-hostile/flat-copy", test_flat_copy);
  return g_test_run ();
}
