/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a scan makes of keyboards and pointers, on USB and elsewhere. */

#include <string.h>

#include "pf-fake-mount.h"
#include "pf-scan.h"

#define XHCI "0000:00:14.0"

/* An xHCI in a group with an I2C host; another I2C host is by itself. */
#define BOARD                                                                                                \
  "[function 0000:00:14.0]\nid=8086:9d2f\nclass=0c0330\ngroup=3\n"                                           \
  "[function 0000:00:15.0]\nid=8086:9d60\nclass=118000\ngroup=3\ndriver=intel-lpss\n"                        \
  "[function 0000:00:15.1]\nid=8086:9d61\nclass=118000\ngroup=4\ndriver=intel-lpss\n"                        \
  "[socket a]\nport=0000:00:14.0/1\n[socket b]\nport=0000:00:14.0/2\n"

#define ADAPTER_A "[device radio]\nsocket=a\nid=8087:0a2b\nkind=bluetooth\n"
#define ADAPTER_B "[device dongle]\nsocket=b\nid=0a12:0001\nkind=bluetooth\n"

static PfChipsetTable *chipsets;
static PfNames *names;

static PfBoard *
scan (PfFakeMount *mount)
{
  g_autofree char *sys = pf_fake_mount_get_path (mount, "sys");
  g_autofree char *dev = pf_fake_mount_get_path (mount, "dev");
  g_autofree char *proc = pf_fake_mount_get_path (mount, "proc");
  g_autofree char *udev = pf_fake_mount_get_path (mount, "udev");
  g_autoptr (GError) error = NULL;
  g_autoptr (PfTree) tree = pf_tree_new (sys, dev, proc, &error);
  PfBoard *board;

  g_assert_no_error (error);
  pf_tree_set_udev (tree, udev);
  board = pf_scan (tree, chipsets, names, NULL, &error);
  g_assert_no_error (error);
  return board;
}

static PfBoard *
scan_text (const char *more)
{
  g_autofree char *text = g_strconcat (BOARD, more, NULL);
  g_autoptr (PfFakeMount) mount = pf_fake_mount_start_text (text);

  return scan (mount);
}

/* "NAME keyboard RANK pointer RANK on ADDRESS by ADAPTER", a line for each input that is not on USB. */
static char *
describe (const PfBoard *board)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < board->inputs->len; i++)
    {
      const PfInput *input = board->inputs->pdata[i];

      g_string_append_printf (text, "%s keyboard %d pointer %d", input->name, (int) input->is_keyboard,
                              (int) input->is_pointer);
      if (input->place.address != NULL)
        g_string_append_printf (text, " on %s", input->place.address);
      for (guint j = 0; j < input->adapters->len; j++)
        {
          const PfUsePlace *place = &((const PfInputAdapter *) input->adapters->pdata[j])->place;

          g_string_append_printf (text, " by %s", place->usb != NULL ? place->usb : "another");
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static void
assert_inputs (const char *more, const char *expected)
{
  g_autoptr (PfBoard) board = scan_text (more);
  g_autofree char *text = describe (board);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_built_in (void)
{
  assert_inputs (
      "[input keyboard]\nbus=i8042\nkind=keyboard\n[input touchpad]\nbus=i8042\nkind=touchpad\n",
      "AT Translated Set 2 keyboard keyboard 2 pointer 0\nSynPS/2 Synaptics TouchPad keyboard 0 pointer 2\n");
  assert_inputs (
      "[input ELAN]\nbus=i2c\nkind=touchpad\non=0000:00:15.0\n[input SPI]\nbus=spi\nkind=keyboard\n"
      "on=0000:00:15.1\n[input cover]\nbus=platform\nkind=keyboard\n",
      "ELAN keyboard 0 pointer 2 on 0000:00:15.0\nSPI keyboard 2 pointer 0\ncover keyboard 2 pointer 0\n");
}

/* Inputs that nobody types on, that a program has made, or that are for another seat, do not count. */
static void
test_others (void)
{
  assert_inputs (ADAPTER_A
                 "[input power]\nbus=platform\nkind=buttons\n[input ydotool]\nbus=uinput\nkind=keyboard\n"
                 "[input remote]\nbus=uhid\nkind=keyboard\n",
                 "");
}

static void
test_seat (void)
{
  g_autoptr (PfBoard) board = scan_text ("[device k]\nsocket=a\nid=046d:c31c\nkind=keyboard\nseat=seat1\n"
                                         "[device l]\nsocket=b\nid=046d:c31c\nkind=keyboard\n[input "
                                         "other]\nbus=platform\nkind=keyboard\nseat=seat1\n");
  const GPtrArray *devices = pf_board_find_controller (board, XHCI)->devices;
  g_autofree char *text = describe (board);

  g_assert_cmpint (((const PfUsbDevice *) devices->pdata[0])->is_keyboard, ==, PF_INPUT_NONE);
  g_assert_cmpint (((const PfUsbDevice *) devices->pdata[1])->is_keyboard, ==, PF_INPUT_LIKELY);
  g_assert_cmpstr (text, ==, "");
}

/* Tablets and handhelds show their buttons as a keyboard. */
static void
test_tablet (void)
{
  assert_inputs ("[board]\nchassis=30\nbattery=true\n[input buttons]\nbus=i8042\nkind=keyboard\n",
                 "AT Translated Set 2 keyboard keyboard 1 pointer 0\n");
  assert_inputs ("[board]\nchassis=10\nbattery=true\n[input keys]\nbus=i8042\nkind=keyboard\n",
                 "AT Translated Set 2 keyboard keyboard 2 pointer 0\n");
  assert_inputs ("[board]\nchassis=3\n[input keys]\nbus=i8042\nkind=keyboard\n",
                 "AT Translated Set 2 keyboard keyboard 2 pointer 0\n");
}

/* By which adapter it is connected tell its place in /sys, or the adapters' connections. */
static void
test_bluetooth (void)
{
  assert_inputs (ADAPTER_A "[input K380]\nbus=bluetooth\nkind=keyboard\non=radio\n",
                 "K380 keyboard 2 pointer 0 by 1-1\n");
  assert_inputs (ADAPTER_A ADAPTER_B "[input K380]\nbus=bluetooth\nkind=keyboard\non=radio\n",
                 "K380 keyboard 2 pointer 0 by 1-1\n");
  assert_inputs (ADAPTER_A ADAPTER_B "[input K380]\nbus=bluetooth\nkind=keyboard\non=radio\n"
                                     "[input M590]\nbus=bluetooth\nkind=mouse\non=dongle\nvia=hidp\n",
                 "K380 keyboard 2 pointer 0 by 1-1 by 1-2\nM590 keyboard 0 pointer 2 by 1-2\n");
  assert_inputs ("[input K380]\nbus=bluetooth\nkind=keyboard\n", "K380 keyboard 2 pointer 0 by another\n");
}

/* It goes when its adapter is pulled out, and udev's word of it goes too. */
static void
test_unplugged (void)
{
  g_autoptr (PfFakeMount) mount
      = pf_fake_mount_start_text (BOARD ADAPTER_A "[input K380]\nbus=bluetooth\nkind=keyboard\non=radio\n");
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *text = NULL;

  g_assert_true (pf_fake_mount_has (mount, "udev/+input:input0"));
  g_assert_cmpint (pf_fake_mount_tell (mount, "unplug a"), ==, 0);
  g_assert_true (pf_fake_mount_wait_for (mount, "sys/class/bluetooth/hci0", FALSE));
  g_assert_false (pf_fake_mount_has (mount, "udev/+input:input0"));
  board = scan (mount);
  text = describe (board);
  g_assert_cmpstr (text, ==, "");
  g_assert_cmpint (pf_fake_mount_tell (mount, "plug a"), ==, 0);
  g_assert_true (pf_fake_mount_wait_for (mount, "sys/class/bluetooth/hci1", TRUE));
}

typedef struct
{
  const char *name;
  const char *device; /* its keys */
  PfInputRank is_keyboard;
  PfInputRank is_pointer;
  PfInputSort sort;
} Case;

static const Case devices[] = {
  { "keyboard", "id=046d:c31c\nkind=keyboard\n", PF_INPUT_LIKELY, 0, 0 },
  { "receiver", "id=045e:0745\nkind=receiver\n", PF_INPUT_LIKELY, PF_INPUT_LIKELY, 0 },
  { "security-key", "id=1234:0001\nkind=security-key\n", 0, 0, PF_INPUT_SORT_SECURITY_KEY },
  { "yubikey", "id=1050:0407\ninterfaces=030101;030000;0b0000\n", 0, 0, PF_INPUT_SORT_SECURITY_KEY },
  { "cherry", "id=046a:0010\nproduct=Smart Terminal Keyboard\ninterfaces=030101;0b0000\n", PF_INPUT_LIKELY, 0,
    0 },
  { "scanner", "id=05e0:1200\nkind=scanner\n", 0, 0, PF_INPUT_SORT_SCANNER },
  { "hid-pos", "id=1234:0002\ninterfaces=030101;030000\nusage-page=8c\n", 0, 0, PF_INPUT_SORT_SCANNER },
  { "mouse-first", "id=30fa:1701\ninterfaces=030102;030101\n", PF_INPUT_DOUBTFUL, PF_INPUT_LIKELY,
    PF_INPUT_SORT_MOUSE },
  { "paired", "id=046d:c53f\nkind=receiver\npaired=4024:keyboard;101b:mouse\n", PF_INPUT_LIKELY,
    PF_INPUT_LIKELY, 0 },
  { "mice", "id=046d:c52b\nkind=receiver\npaired=101b:mouse;1017:mouse\n", 0, PF_INPUT_LIKELY, 0 },
  { "mouse-with-keys", "id=046d:c52b\nkind=receiver\npaired=405e:combo:M720 Triathlon\n", PF_INPUT_DOUBTFUL,
    PF_INPUT_LIKELY, PF_INPUT_SORT_MOUSE },
  { "touch-keyboard", "id=046d:c52b\nkind=receiver\npaired=404d:combo:K400 Plus\n", PF_INPUT_LIKELY,
    PF_INPUT_LIKELY, 0 },
  { "unpaired", "id=046d:c52b\nkind=receiver\npaired=none\n", 0, 0, PF_INPUT_SORT_RECEIVER },
  { "dead", "id=046d:c31c\nkind=keyboard\ndrivers=none;none\n", 0, 0, 0 },
  { "half", "id=046d:c52b\nkind=receiver\ndrivers=usbfs;-;-\n", 0, PF_INPUT_LIKELY, 0 },
};

static void
test_device (gconstpointer data)
{
  const Case *item = data;
  g_autofree char *text = g_strconcat ("[device it]\nsocket=a\n", item->device, NULL);
  g_autoptr (PfBoard) board = scan_text (text);
  const GPtrArray *found = pf_board_find_controller (board, XHCI)->devices;
  const PfUsbDevice *device;

  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpuint (board->inputs->len, ==, 0);
  device = found->pdata[0];
  g_assert_cmpint (device->is_keyboard, ==, item->is_keyboard);
  g_assert_cmpint (device->is_pointer, ==, item->is_pointer);
  g_assert_cmpint (device->sort, ==, item->sort);
}

/* Another virtual machine has it, or a program. */
static void
test_usbfs (void)
{
  g_autoptr (PfBoard) board
      = scan_text ("[device it]\nsocket=a\nid=046d:c31c\nkind=keyboard\ndrivers=usbfs;usbfs\n");
  const PfUsbDevice *device = pf_board_find_controller (board, XHCI)->devices->pdata[0];

  g_assert_cmpint (device->is_keyboard, ==, PF_INPUT_NONE);
  g_assert_cmpint (device->sort, ==, PF_INPUT_SORT_ELSEWHERE);
}

/* A management controller's keyboard is told by the hub as well. */
static void
test_console (void)
{
  g_autoptr (PfBoard) board
      = scan_text ("[device hub]\nsocket=a\nid=0557:7000\nkind=hub\n"
                   "[device console]\nsocket=hub/1\nid=1234:0001\nproduct=Keyboard\nkind=receiver\n");
  const PfUsbDevice *device = pf_board_find_controller (board, XHCI)->devices->pdata[1];

  g_assert_cmpint (device->is_keyboard, ==, PF_INPUT_NONE);
  g_assert_cmpint (device->is_pointer, ==, PF_INPUT_NONE);
  g_assert_cmpint (device->sort, ==, PF_INPUT_SORT_REMOTE);
}

static void
test_refused (void)
{
  g_autofree char *message
      = pf_fake_mount_refuse_text (BOARD "[input K]\nbus=i2c\nkind=keyboard\non=0000:00:1f.7\n");

  g_assert_nonnull (strstr (message, "0000:00:1f.7"));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  chipsets = pf_chipset_table_new ();
  names = pf_names_new ();
  g_test_add_func ("/inputs/built-in", test_built_in);
  g_test_add_func ("/inputs/others", test_others);
  g_test_add_func ("/inputs/seat", test_seat);
  g_test_add_func ("/inputs/tablet", test_tablet);
  g_test_add_func ("/inputs/bluetooth", test_bluetooth);
  g_test_add_func ("/inputs/unplugged", test_unplugged);
  g_test_add_func ("/inputs/usbfs", test_usbfs);
  g_test_add_func ("/inputs/console", test_console);
  g_test_add_func ("/inputs/refused", test_refused);
  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      g_autofree char *path = g_strdup_printf ("/inputs/device/%s", devices[i].name);

      g_test_add_data_func (path, &devices[i], test_device);
    }
  result = g_test_run ();
  pf_names_free (names);
  pf_chipset_table_free (chipsets);
  return result;
}
