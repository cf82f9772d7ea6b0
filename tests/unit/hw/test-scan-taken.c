/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a closer look shows of what a plan takes: which processes have it open, and what is on it. */

#include <string.h>

#include "pf-scan-taken.h"
#include "pf-taken.h"
#include "pf-test-uses.h"

#define NEVER (60 * G_USEC_PER_SEC)

/* Lends everything that has a driver of the host. */
static PfPlan *
lend_all (const PfBoard *board)
{
  static const PfBinding guest = { (char *) PF_VFIO_DRIVER, (char *) PF_VFIO_DRIVER };
  PfPlan *plan = pf_plan_new ("test");
  PfStep *step = pf_step_new (PF_STEP_BIND);

  step->lends = TRUE;
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFunction *function = g_ptr_array_index (board->functions, i);
      const PfBinding now = { function->driver, NULL };

      if (!pf_function_is_bridge (function))
        pf_step_add_move (step, function->address, &now, &guest);
    }
  g_ptr_array_add (plan->steps, step);
  return plan;
}

static gboolean
is_content (const char *line)
{
  return g_str_has_prefix (line, "content ");
}

/* What the board's uses are after a closer look, contents or all others. */
static char *
look (const PfTestTree *tree, gboolean contents, gint64 patience)
{
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (PfBoard) board = pf_test_tree_scan (tree);
  g_autoptr (PfPlan) plan = lend_all (board);
  g_autoptr (GPtrArray) places = pf_taken_list (board, plan);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;

  if (patience == NEVER)
    pf_scan_taken (opened, board, plan);
  pf_scan_taken (opened, board, plan); /* again adds nothing */
  if (patience != NEVER)
    {
      pf_board_drop_close_uses (board);
      pf_scan_openers (opened, board, places, patience);
    }
  all = pf_test_uses_describe (board);
  lines = g_strsplit (all, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && is_content (lines[i]) == contents)
      g_string_append_printf (text, "%s\n", lines[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_taken (const PfTestTree *tree, const char *expected)
{
  g_autofree char *text = look (tree, FALSE, NEVER);

  g_assert_cmpstr (text, ==, expected);
}

/* Whoever has a printer open prints: CUPS by the USB node, others by that of usblp. */
static void
test_printer (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_tree_link (tree, "sys/bus/usb/devices/3-1", "../../../devices/" STICK);
  pf_test_uses_open_node (tree, "55", "usb\n", "bus/usb/003/002");
  assert_taken (tree, "open 0000:00:14.0 3-1 usb (55): bus/usb/003/002\n");
  pf_test_tree_add_usb (tree, STICK "/3-1:1.0", "bInterfaceClass=07");
  assert_taken (tree, "printer 0000:00:14.0 3-1 bus/usb/003/002: usb (55)\n");
  pf_test_uses_open_node (tree, "55", "usb\n", "bus/usb/003/003");
  assert_taken (tree, "");
  pf_test_tree_add_usb (tree, STICK "/3-1:1.0/usbmisc/lp0", "dev=180:0");
  pf_test_uses_open_node (tree, "56", "cat\n", "usb/lp0");
  assert_taken (tree, "printer 0000:00:14.0 3-1 bus/usb/003/002: cat (56)\n");
}

/* Only fprintd reads fingerprints; others may have any device open. */
static void
test_fingerprint (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_tree_link (tree, "sys/bus/usb/devices/3-1", "../../../devices/" STICK);
  pf_test_uses_open_node (tree, "55", "qemu-system-x86\n", "bus/usb/003/002");
  assert_taken (tree, "open 0000:00:14.0 3-1 qemu-system-x86 (55): bus/usb/003/002\n");
  pf_test_uses_open_node (tree, "56", "fprintd\n", "bus/usb/003/009");
  assert_taken (tree, "open 0000:00:14.0 3-1 qemu-system-x86 (55): bus/usb/003/002\n");
  pf_test_uses_open_node (tree, "56", "fprintd\n", "bus/usb/003/002");
  assert_taken (tree, "open 0000:00:14.0 3-1 qemu-system-x86 (55): bus/usb/003/002\n"
                      "fingerprint 0000:00:14.0 3-1 bus/usb/003/002: fprintd (56)\n");
}

/* A device with a node of its own. */
static void
add_node (const PfTestTree *tree, const char *place, const char *number)
{
  pf_test_uses_set (tree, place, "dev", number);
}

/* One for each process; a virtual machine is named. */
static void
test_nodes (void)
{
  static const char command[] = "qemu-system-x86_64\0-name\0guest=win11";
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  add_node (tree, STICK "/3-1:1.0/ttyUSB0/tty/ttyUSB0", "188:0\n");
  add_node (tree, STICK "/3-1:1.1/0003:051D:0002.0001/hidraw/hidraw3", "247:3\n");
  add_node (tree, STICK "/3-1:1.2/sound/card1/midiC1D0", "116:9\n");
  pf_test_uses_open_node (tree, "55", "qemu-system-x86\n", "bus/usb/003/002");
  pf_test_tree_write_bytes (tree, "proc/55/cmdline", command, sizeof command);
  pf_test_uses_open_node (tree, "56", "minicom\n", "ttyUSB0");
  pf_test_uses_open_node (tree, "59", "solaar\n", "hidraw3");
  pf_test_uses_open_node (tree, "57", "fluidsynth\n", "snd/midiC1D0");
  pf_test_uses_open_node (tree, "58", "other\n", "ttyUSB1");
  assert_taken (tree, "open 0000:00:14.0 3-1 qemu-system-x86 “win11” (55): bus/usb/003/002\n"
                      "open 0000:00:14.0 3-1 minicom (56): ttyUSB0\n"
                      "open 0000:00:14.0 3-1 fluidsynth (57): snd/midiC1D0\n"
                      "open 0000:00:14.0 3-1 solaar (59): hidraw3\n");
}

/* Inputs and the controls of sound cards are always open; streams are told by /proc/asound. */
static void
test_always_open (void)
{
  static const struct
  {
    const char *place;
    const char *node;
  } nodes[] = {
    { "3-1:1.0/0003:046D:C31C.0001/input/input5/event5", "input/event5" },
    { "3-1:1.0/sound/card1/controlC1", "snd/controlC1" },
    { "3-1:1.0/sound/card1/pcmC1D0p", "snd/pcmC1D0p" },
  };
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      g_autofree char *place = g_strdup_printf (STICK "/%s", nodes[i].place);
      g_autofree char *process = g_strdup_printf ("%u", 70 + i);
      g_autofree char *number = g_strdup_printf ("13:%u\n", 64 + i);

      add_node (tree, place, number);
      pf_test_uses_open_node (tree, process, "gnome-shell\n", nodes[i].node);
    }
  assert_taken (tree, "");
}

/* Who reads a disk past its file system loses it; who writes loses data. udev looks at all disks for a
 * moment. */
static void
test_disks (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, SATA_DISK, "8:0");
  pf_test_uses_set (tree, SATA_DISK, "dev", "8:0\n");
  pf_test_uses_open_node (tree, "55", "smartd\n", "sda");
  pf_test_tree_write (tree, "proc/55/fdinfo/7", "pos:\t0\nflags:\t0100000\n");
  pf_test_uses_open_node (tree, "56", "dd\n", "sda");
  pf_test_tree_write (tree, "proc/56/fdinfo/7", "pos:\t0\nflags:\t0100001\n");
  pf_test_uses_open_node (tree, "57", "(udev-worker)\n", "sda");
  assert_taken (tree, "open 0000:00:17.0 - smartd (55): sda\nwritten 0000:00:17.0 - dd (56): sda\n");
}

/* What works with a graphics card: by DRM, and by NVIDIA's own nodes, which are not in sysfs. */
static void
test_graphics (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  add_node (tree, ROOT "/0000:00:02.0/drm/renderD128", "226:128\n");
  pf_test_tree_write (tree, "proc/driver/nvidia/gpus/0000:00:02.0/information",
                      "IRQ: \t 4\nDevice Minor: \t 1\n");
  pf_test_uses_open_node (tree, "55", "Xorg\n", "dri/renderD128");
  pf_test_uses_open_node (tree, "56", "python3\n", "nvidia1");
  pf_test_uses_open_node (tree, "57", "other\n", "nvidia0");
  assert_taken (tree, "graphics 0000:00:02.0 - Xorg (55): dri/renderD128\n"
                      "graphics 0000:00:02.0 - python3 (56): nvidia1\n");
}

/* A UPS is said what it means. */
static void
test_power (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_open_node (tree, "55", "usbhid-ups\n", "bus/usb/003/002");
  assert_taken (tree, "power 0000:00:14.0 3-1 usbhid-ups (55): bus/usb/003/002\n");
}

/* Without time it says that it has not looked. */
static void
test_deadline (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();
  g_autofree char *text = NULL;

  pf_test_uses_open_node (tree, "55", "qemu-system-x86\n", "bus/usb/003/002");
  text = look (tree, FALSE, -1);
  g_assert_cmpstr (text, ==, "unseen 0000:00:02.0 - processes: open files\n");
}

/* What is on the functions that go along, whether or not it is used. */
static void
test_contents (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();
  g_autofree char *text = NULL;

  pf_test_uses_add_block (tree, SATA_DISK, "8:0");
  pf_test_uses_add_block (tree, SATA_DISK "/sda1", "8:1");
  pf_test_uses_set (tree, SATA_DISK "/sda1", "partition", "1\n");
  pf_test_uses_set (tree, SATA_DISK, "size", "976773168\n");
  pf_test_uses_set (tree, SATA_DISK, "device/model", "Samsung SSD 860 \n");
  pf_test_uses_add_class (tree, "net", ROOT "/0000:00:1f.6/net/eno1");
  pf_test_uses_set (tree, ROOT "/0000:00:1f.6/net/eno1", "operstate", "up\n");
  pf_test_uses_set (tree, ROOT "/0000:00:1f.6/net/eno1", "flags", "0x1003\n");
  pf_test_uses_add_class (tree, "sound", ROOT "/0000:00:1f.3/sound/card0");
  pf_test_tree_write (tree, "proc/asound/card0/id", "PCH\n");
  pf_test_uses_add_class (tree, "block", ELSEWHERE "/nvme/nvme0/nvme0n1");
  text = look (tree, TRUE, NEVER);
  g_assert_cmpstr (text, ==,
                   "content 0000:00:17.0 - sda: Samsung SSD 860, 500 GB, not mounted\n"
                   "content 0000:00:1f.6 - eno1: up\n"
                   "content 0000:00:1f.3 - PCH: card0\n");
  g_free (text);
  pf_test_tree_write (tree, MOUNT_OF_1, "30 1 8:1 / /data rw - ext4 /dev/sda1 rw\n");
  pf_test_uses_set (tree, ROOT "/0000:00:1f.6/net/eno1", "operstate", "down\n");
  text = look (tree, TRUE, NEVER);
  g_assert_nonnull (strstr (text, "sda: Samsung SSD 860, 500 GB, in use: /data\n"));
  g_assert_nonnull (strstr (text, "eno1: down\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hw/taken/printer", test_printer);
  g_test_add_func ("/hw/taken/fingerprint", test_fingerprint);
  g_test_add_func ("/hw/taken/nodes", test_nodes);
  g_test_add_func ("/hw/taken/always-open", test_always_open);
  g_test_add_func ("/hw/taken/disks", test_disks);
  g_test_add_func ("/hw/taken/graphics", test_graphics);
  g_test_add_func ("/hw/taken/power", test_power);
  g_test_add_func ("/hw/taken/deadline", test_deadline);
  g_test_add_func ("/hw/taken/contents", test_contents);
  return g_test_run ();
}
