/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keyboards that are not on USB, in copies of /sys: with less in them than a kernel shows. */

#include <string.h>

#include "pf-test-tree.h"

#define ROOT "pci0000:00"
#define XHCI ROOT "/0000:00:14.0"
#define KEYS "1000000000007 ff9f207ac14057ff febeffdfff9fffff fffffffffffffff9"

static const PfTestFunction xhci = { XHCI, { 0x8086, 0x8cb1, 0x1849, 0x8cb1 }, 0x0c0330, "xhci_hcd", 4, 0 };

static PfTestTree *
make_tree (void)
{
  PfTestTree *tree = pf_test_tree_new ();

  pf_test_tree_add_function (tree, &xhci);
  pf_test_tree_add_usb (tree, XHCI "/usb3", "speed=480;maxchild=15;busnum=3;idVendor=1d6b;idProduct=0002");
  return tree;
}

/* @place is below /sys/devices, and ends in "inputN". */
static void
add_keyboard (PfTestTree *tree, const char *place, const char *name)
{
  g_autofree char *folder = g_strconcat ("sys/devices/", place, NULL);
  g_autofree char *base = g_path_get_basename (place);
  g_autofree char *link = g_strconcat ("sys/class/input/", base, NULL);
  g_autofree char *target = g_strconcat ("../../devices/", place, NULL);
  g_autofree char *name_file = g_strconcat (folder, "/name", NULL);
  g_autofree char *events = g_strconcat (folder, "/capabilities/ev", NULL);
  g_autofree char *keys = g_strconcat (folder, "/capabilities/key", NULL);

  pf_test_tree_write (tree, name_file, name);
  pf_test_tree_write (tree, events, "120013\n");
  pf_test_tree_write (tree, keys, KEYS "\n");
  pf_test_tree_link (tree, link, target);
}

static void
test_places (void)
{
  static const struct
  {
    const char *place;
    gboolean counts;
  } cases[] = {
    { "platform/i8042/serio0/input/input3", TRUE },
    { ROOT "/0000:00:15.0/i2c_designware.0/i2c-1/i2c-X/0018:06CB:7A13.0001/input/input4", TRUE },
    { ROOT "/0000:00:05.0/virtio2/input/input5", TRUE },
    { "virtual/input/input6", FALSE },
    { "virtual/misc/uhid/0003:046D:C31C.0001/input/input7", FALSE },
    { "virtual/misc/uhid/0005:046D:B342.0002/input/input8", FALSE /* no adapter */ },
    { "pnp0/00:08/rc/rc0/input9", FALSE },
    { "platform/vhci_hcd.0/usb9/9-1/9-1:1.0/0003:046D:C31C.0003/input/input10", FALSE },
    { XHCI "/usb3/3-1/3-1:1.0/0003:046D:C31C.0004/input/input11", FALSE /* the USB device's */ },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfTestTree) tree = make_tree ();
      g_autoptr (PfBoard) board = NULL;

      g_test_message ("%s", cases[i].place);
      add_keyboard (tree, cases[i].place, "Some keyboard\n");
      board = pf_test_tree_scan (tree);
      g_assert_cmpuint (board->inputs->len, ==, cases[i].counts ? 1 : 0);
      if (cases[i].counts)
        g_assert_null (((const PfInput *) board->inputs->pdata[0])->place.address);
    }
}

/* A copy without /sys/class/bluetooth: the USB devices that are adapters tell. */
static void
test_adapter_of_a_copy (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;
  const PfInput *input;
  const PfInputAdapter *adapter;

  pf_test_tree_add_usb (tree, XHCI "/usb3/3-7",
                        "idVendor=8087;idProduct=0a2b;bDeviceClass=e0;product=Bluetooth");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-7/3-7:1.0",
                        "bInterfaceClass=e0;bInterfaceSubClass=01;bInterfaceProtocol=01");
  pf_test_tree_link (tree, "sys/bus/usb/devices/3-7:1.0", "../../../devices/" XHCI "/usb3/3-7/3-7:1.0");
  add_keyboard (tree, "virtual/misc/uhid/0005:046D:B342.0002/input/input8", "Keyboard K380\n");
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->inputs->len, ==, 1);
  input = board->inputs->pdata[0];
  g_assert_cmpstr (input->name, ==, "Keyboard K380");
  g_assert_cmpuint (input->adapters->len, ==, 1);
  adapter = input->adapters->pdata[0];
  g_assert_cmpstr (adapter->place.address, ==, "0000:00:14.0");
  g_assert_cmpstr (adapter->place.usb, ==, "3-7");
  g_assert_cmpstr (adapter->name, ==, "Bluetooth");
}

/* Old kernels tell the adapters' addresses. */
static void
test_adapter_by_address (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *folder = g_strdup_printf ("sys/devices/platform/uart%u/bluetooth/hci%u/address", i, i);
      g_autofree char *link = g_strdup_printf ("sys/class/bluetooth/hci%u", i);
      g_autofree char *target = g_strdup_printf ("../../devices/platform/uart%u/bluetooth/hci%u", i, i);
      g_autofree char *address = g_strdup_printf ("00:1a:7d:da:71:0%u\n", i);

      pf_test_tree_write (tree, folder, address);
      pf_test_tree_link (tree, link, target);
    }
  add_keyboard (tree, "virtual/misc/uhid/0005:046D:B342.0002/input/input8", "Keyboard K380\n");
  pf_test_tree_write (tree, "sys/devices/virtual/misc/uhid/0005:046D:B342.0002/input/input8/phys",
                      "00:1A:7D:DA:71:01\n");
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (((const PfInput *) board->inputs->pdata[0])->adapters->len, ==, 1);
  g_assert_cmpstr (
      ((const PfInputAdapter *) ((const PfInput *) board->inputs->pdata[0])->adapters->pdata[0])->name, ==,
      "hci1");
}

/* What udev says counts more than the capabilities. */
static void
test_udev (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;

  add_keyboard (tree, "platform/i8042/serio0/input/input3", "Some keyboard\n");
  pf_test_tree_write (tree, "udev/+input:input3", "E:ID_INPUT=1\nE:ID_INPUT_KEY=1\n");
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->inputs->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-inputs/places", test_places);
  g_test_add_func ("/scan-inputs/adapter-of-a-copy", test_adapter_of_a_copy);
  g_test_add_func ("/scan-inputs/adapter-by-address", test_adapter_by_address);
  g_test_add_func ("/scan-inputs/udev", test_udev);
  return g_test_run ();
}
