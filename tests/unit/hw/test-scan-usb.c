/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-test-tree.h"

#define ROOT "pci0000:00"
#define XHCI ROOT "/0000:00:14.0"
#define EHCI ROOT "/0000:00:1d.0"

/* Bitmaps of real devices, as a 64-bit kernel prints them. */
#define KEYS_OF_KEYBOARD "1000000000007 ff9f207ac14057ff febeffdfff9fffff fffffffffffffff9"
#define KEYS_OF_MOUSE "1f0000 0 0 0 0"
#define KEYS_OF_TABLET "3 0 0 0 0 0"
#define KEYS_OF_POWER_BUTTON "10000000000000 0"

static const PfTestFunction xhci = { XHCI, { 0x8086, 0x8cb1, 0x1849, 0x8cb1 }, 0x0c0330, "xhci_hcd", 4, 0 };
static const PfTestFunction ehci = { EHCI, { 0x8086, 0x8ca6, 0x1849, 0x8ca6 }, 0x0c0320, "ehci-pci", 7, 0 };

static PfTestTree *
make_tree (void)
{
  PfTestTree *tree = pf_test_tree_new ();

  pf_test_tree_add_function (tree, &xhci);
  pf_test_tree_add_function (tree, &ehci);
  pf_test_tree_add_usb (tree, XHCI "/usb3", "speed=480;maxchild=15;busnum=3;idVendor=1d6b;idProduct=0002");
  pf_test_tree_add_usb (tree, XHCI "/usb4", "speed=5000;maxchild=6;busnum=4;idVendor=1d6b;idProduct=0003");
  pf_test_tree_add_usb (tree, EHCI "/usb10", "speed=480;maxchild=2;busnum=10;idVendor=1d6b;idProduct=0002");
  return tree;
}

static const PfUsbDevice *
find_device (const PfBoard *board, const char *sysname)
{
  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = g_ptr_array_index (board->controllers, i);

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = g_ptr_array_index (controller->devices, j);

          if (g_str_equal (device->sysname, sysname))
            return device;
        }
    }
  g_test_message ("no device %s", sysname);
  g_assert_not_reached ();
}

static void
test_root_hubs (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = pf_test_tree_scan (tree);
  const PfController *controller = pf_board_find_controller (board, "0000:00:14.0");
  const PfRootHub *hub;

  g_assert_cmpuint (controller->root_hubs->len, ==, 2);
  hub = g_ptr_array_index (controller->root_hubs, 0);
  g_assert_cmpuint (hub->bus, ==, 3);
  g_assert_cmpuint (hub->speed, ==, 480);
  g_assert_cmpuint (hub->ports, ==, 15);
  hub = g_ptr_array_index (controller->root_hubs, 1);
  g_assert_cmpuint (hub->bus, ==, 4);
  g_assert_cmpuint (hub->speed, ==, 5000);
  g_assert_cmpuint (controller->devices->len, ==, 0);
}

static void
test_order_and_depth (void)
{
  static const char *const expected[] = { "3-2", "3-2.1", "3-2.1.4", "3-2.10", "3-10", "4-1" };
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;
  const PfController *controller;

  pf_test_tree_add_usb (tree, XHCI "/usb3/3-10", "idVendor=0bda;idProduct=0001;bDeviceClass=00;speed=12");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2",
                        "idVendor=05e3;idProduct=0608;bDeviceClass=09;speed=480;maxchild=16");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2/3-2.10",
                        "idVendor=0bda;idProduct=0002;bDeviceClass=00;speed=1.5");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2/3-2.1",
                        "idVendor=05e3;idProduct=0608;bDeviceClass=09;maxchild=4");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2/3-2.1/3-2.1.4", "idVendor=0bda;idProduct=0003;bDeviceClass=00");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-0:1.0/usb3-port1", "location=0x0");
  pf_test_tree_add_usb (tree, XHCI "/usb4/4-1", "idVendor=0781;idProduct=5581;bDeviceClass=00;speed=5000");
  board = pf_test_tree_scan (tree);
  controller = pf_board_find_controller (board, "0000:00:14.0");
  g_assert_cmpuint (controller->devices->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (((PfUsbDevice *) g_ptr_array_index (controller->devices, i))->sysname, ==, expected[i]);
  g_assert_true (find_device (board, "3-2")->is_hub);
  g_assert_cmpuint (find_device (board, "3-2")->ports, ==, 16);
  g_assert_cmpuint (find_device (board, "3-2.10")->speed, ==, 1);
  g_assert_cmphex (find_device (board, "4-1")->vendor, ==, 0x0781);
  g_assert_cmphex (find_device (board, "4-1")->product, ==, 0x5581);
}

static void
test_names (void)
{
  static const struct
  {
    const char *attributes;
    const char *name;
  } cases[] = {
    { "product=USB Keyboard;manufacturer=Logitech, Inc.", "Logitech, Inc. USB Keyboard" },
    { "product=Logitech BRIO;manufacturer=Logitech, Inc.", "Logitech BRIO" },
    { "product=LOGITECH MOUSE;manufacturer=Logitech", "LOGITECH MOUSE" },
    { "product=Webcam", "Webcam" },
    { "product=  ;manufacturer=Somebody", "USB device fff9:0001" },
    { "manufacturer=Somebody", "USB device fff9:0001" },
    { "product=two\nlines;manufacturer=\t", "two lines" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfTestTree) tree = make_tree ();
      g_autoptr (PfBoard) board = NULL;

      pf_test_tree_add_usb (tree, XHCI "/usb3/3-1", "idVendor=fff9;idProduct=0001;bDeviceClass=00");
      pf_test_tree_add_usb (tree, XHCI "/usb3/3-1", cases[i].attributes);
      board = pf_test_tree_scan (tree);
      g_assert_cmpstr (find_device (board, "3-1")->name, ==, cases[i].name);
    }
}

static void
test_rate_matching (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;

  pf_test_tree_add_usb (tree, EHCI "/usb10/10-1", "idVendor=8087;idProduct=8001;bDeviceClass=09;maxchild=8");
  pf_test_tree_add_usb (tree, EHCI "/usb10/10-1/10-1.2",
                        "idVendor=8087;idProduct=8001;bDeviceClass=09;maxchild=4");
  pf_test_tree_add_usb (tree, EHCI "/usb10/10-2", "idVendor=8087;idProduct=0a2b;bDeviceClass=e0");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1", "idVendor=8087;idProduct=8001;bDeviceClass=09;maxchild=8");
  board = pf_test_tree_scan (tree);
  g_assert_true (find_device (board, "10-1")->is_rate_matching);
  g_assert_false (find_device (board, "10-1.2")->is_rate_matching);
  g_assert_false (find_device (board, "10-2")->is_rate_matching);
  g_assert_false (find_device (board, "3-1")->is_rate_matching);
}

static void
test_storage (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;

  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1", "idVendor=0781;idProduct=5581;bDeviceClass=00");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1/3-1:1.0",
                        "bInterfaceClass=03;bInterfaceSubClass=00;bInterfaceProtocol=00");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1/3-1:1.1",
                        "bInterfaceClass=08;bInterfaceSubClass=06;bInterfaceProtocol=50");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2", "idVendor=0781;idProduct=5581;bDeviceClass=00");
  board = pf_test_tree_scan (tree);
  g_assert_true (find_device (board, "3-1")->is_storage);
  g_assert_false (find_device (board, "3-2")->is_storage);
}

static void
add_input (
    const PfTestTree *tree, const char *place, const char *events, const char *keys, const char *relative)
{
  g_autofree char *capabilities = g_strconcat (place, "/capabilities", NULL);
  g_autofree char *attributes = g_strdup_printf ("ev=%s;key=%s;rel=%s;abs=0", events, keys, relative);

  pf_test_tree_add_usb (tree, capabilities, attributes);
}

static void
test_input (void)
{
  static const struct
  {
    const char *events, *keys, *relative;
    gboolean keyboard, pointer;
  } cases[] = {
    { "120013", KEYS_OF_KEYBOARD, "0", TRUE, FALSE },
    { "17", KEYS_OF_MOUSE, "903", FALSE, TRUE },
    { "b", KEYS_OF_TABLET, "0", FALSE, FALSE /* BTN_TOOL_PEN alone */ },
    { "b", "400 0 0 0 0 0", "0", FALSE, TRUE /* BTN_TOUCH */ },
    { "b", KEYS_OF_MOUSE, "0", FALSE, TRUE /* QEMU's tablet */ },
    { "3", KEYS_OF_POWER_BUTTON, "0", FALSE, FALSE },
    { "100017", KEYS_OF_KEYBOARD, "3", TRUE, TRUE },
    { "", "", "", FALSE, FALSE },
    { "not", "a bitmap", "at all", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfTestTree) tree = make_tree ();
      g_autoptr (PfBoard) board = NULL;

      pf_test_tree_add_usb (tree, XHCI "/usb3/3-1", "idVendor=046d;idProduct=c31c;bDeviceClass=00");
      /* What the interface calls itself does not count where there is an input device. */
      pf_test_tree_add_usb (tree, XHCI "/usb3/3-1/3-1:1.0",
                            "bInterfaceClass=03;bInterfaceSubClass=01;bInterfaceProtocol=01");
      add_input (tree, XHCI "/usb3/3-1/3-1:1.0/0003:046D:C31C.0001/input/input7", cases[i].events,
                 cases[i].keys, cases[i].relative);
      board = pf_test_tree_scan (tree);
      g_test_message ("case %u", i);
      g_assert_cmpint (find_device (board, "3-1")->is_keyboard, ==,
                       cases[i].keyboard ? PF_INPUT_LIKELY : PF_INPUT_NONE);
      g_assert_cmpint (find_device (board, "3-1")->is_pointer, ==,
                       cases[i].pointer ? PF_INPUT_LIKELY : PF_INPUT_NONE);
    }
}

/* A wireless receiver, whose keyboard is a HID device below a HID device, and a game pad without HID. */
static void
test_input_places (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;

  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1", "idVendor=046d;idProduct=c52b;bDeviceClass=00");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1/3-1:1.2",
                        "bInterfaceClass=03;bInterfaceSubClass=00;bInterfaceProtocol=00");
  add_input (tree, XHCI "/usb3/3-1/3-1:1.2/0003:046D:C52B.0003/0003:046D:4024.0005/input/input21", "120013",
             KEYS_OF_KEYBOARD, "0");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2", "idVendor=045e;idProduct=028e;bDeviceClass=ff");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2/3-2:1.0",
                        "bInterfaceClass=ff;bInterfaceSubClass=5d;bInterfaceProtocol=01");
  add_input (tree, XHCI "/usb3/3-2/3-2:1.0/input/input22", "17", KEYS_OF_MOUSE, "3");
  board = pf_test_tree_scan (tree);
  g_assert_true (find_device (board, "3-1")->is_keyboard);
  g_assert_false (find_device (board, "3-1")->is_pointer);
  g_assert_true (find_device (board, "3-2")->is_pointer);
}

static void
test_declared_input (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;

  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1", "idVendor=046d;idProduct=c31c;bDeviceClass=00");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-1/3-1:1.0",
                        "bInterfaceClass=03;bInterfaceSubClass=01;bInterfaceProtocol=01");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2", "idVendor=046d;idProduct=c077;bDeviceClass=00");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-2/3-2:1.0",
                        "bInterfaceClass=03;bInterfaceSubClass=01;bInterfaceProtocol=02");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-3", "idVendor=0665;idProduct=5161;bDeviceClass=00");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-3/3-3:1.0",
                        "bInterfaceClass=03;bInterfaceSubClass=00;bInterfaceProtocol=01");
  board = pf_test_tree_scan (tree);
  g_assert_true (find_device (board, "3-1")->is_keyboard);
  g_assert_false (find_device (board, "3-1")->is_pointer);
  g_assert_true (find_device (board, "3-2")->is_pointer);
  g_assert_false (find_device (board, "3-3")->is_keyboard);
}

/* A keyboard that a program has, as QEMU by usb-host, or that nobody has since that program was killed, is
 * not the host's. */
static void
test_holders (void)
{
  static const struct
  {
    const char *uevent;
    PfInputRank is_keyboard;
    PfInputSort sort;
  } cases[] = {
    { "DEVTYPE=usb_interface\nDRIVER=usbhid\n", PF_INPUT_LIKELY, PF_INPUT_SORT_ORDINARY },
    { "DEVTYPE=usb_interface\nDRIVER=usbfs\n", PF_INPUT_NONE, PF_INPUT_SORT_ELSEWHERE },
    { "DEVTYPE=usb_interface\n", PF_INPUT_NONE, PF_INPUT_SORT_ORDINARY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfTestTree) tree = make_tree ();
      g_autoptr (PfBoard) board = NULL;

      pf_test_tree_add_usb (tree, XHCI "/usb3/3-1", "idVendor=046d;idProduct=c31c;bDeviceClass=00");
      pf_test_tree_add_usb (tree, XHCI "/usb3/3-1/3-1:1.0",
                            "bInterfaceClass=03;bInterfaceSubClass=01;bInterfaceProtocol=01");
      pf_test_tree_write (tree, "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/uevent", cases[i].uevent);
      board = pf_test_tree_scan (tree);
      g_assert_cmpint (find_device (board, "3-1")->is_keyboard, ==, cases[i].is_keyboard);
      g_assert_cmpint (find_device (board, "3-1")->sort, ==, cases[i].sort);
    }
}

static void
test_port_bits (void)
{
  static const guint32 registers[4] = { 0x00003fff, 0x00007fff, 0x3f, 0x3f };
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;

  pf_test_tree_set_registers (tree, &xhci, registers);
  pf_test_tree_add_usb (tree, EHCI "/usb10/10-1", "idVendor=8087;idProduct=8001;bDeviceClass=09;maxchild=8");
  pf_test_tree_add_usb (tree, EHCI "/usb10/10-1/10-1.6", "idVendor=046d;idProduct=c31c;bDeviceClass=00");
  pf_test_tree_add_usb (tree, XHCI "/usb3/3-9", "idVendor=046d;idProduct=c077;bDeviceClass=00");
  board = pf_test_tree_scan (tree);
  g_assert_cmpint (find_device (board, "10-1.6")->bit, ==, 5);
  g_assert_cmpint (find_device (board, "3-9")->bit, ==, 4);
  g_assert_cmpint (find_device (board, "10-1")->bit, ==, PF_CHIPSET_NO_BIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-usb/root-hubs", test_root_hubs);
  g_test_add_func ("/scan-usb/order-and-depth", test_order_and_depth);
  g_test_add_func ("/scan-usb/names", test_names);
  g_test_add_func ("/scan-usb/rate-matching", test_rate_matching);
  g_test_add_func ("/scan-usb/storage", test_storage);
  g_test_add_func ("/scan-usb/input", test_input);
  g_test_add_func ("/scan-usb/input-places", test_input_places);
  g_test_add_func ("/scan-usb/declared-input", test_declared_input);
  g_test_add_func ("/scan-usb/holders", test_holders);
  g_test_add_func ("/scan-usb/port-bits", test_port_bits);
  return g_test_run ();
}
