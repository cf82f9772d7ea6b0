/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what is in the files of /sys, /proc and the like. An input is a list of files, each between
 * lines that begin with "@@": "@@" and its name, one of those below, then what is in it. In a machine that is
 * right otherwise they take the place of what is there; "->" at the beginning makes a link of it, and nothing
 * at all removes it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pf-fuzz.h"
#include "pf-test-tree.h"
#include "pf-text.h"

#define ROOT "pci0000:00"
#define XHCI ROOT "/0000:00:14.0"
#define EHCI ROOT "/0000:00:1a.0"
#define SATA ROOT "/0000:00:1f.2"
#define BRIDGE ROOT "/0000:00:1c.4"
#define CARD BRIDGE "/0000:03:00.0"
#define MAX_FILES 32
#define MAX_CONTENTS 8192

/* Beside what makes up a function; each is at the beginning as it is here. */
static const struct
{
  const char *path;
  const char *contents;
} files[] = {
  { "sys/devices/" XHCI "/vendor", "0x8086\n" },
  { "sys/devices/" XHCI "/device", "0x8cb1\n" },
  { "sys/devices/" XHCI "/class", "0x0c0330\n" },
  { "sys/devices/" XHCI "/driver_override", "(null)\n" },
  { "sys/devices/" XHCI "/reset_method", "flr bus\n" },
  { "sys/devices/" XHCI "/removable", "fixed\n" },
  { "sys/devices/" XHCI "/uevent", "DRIVER=xhci_hcd\n" },
  { "sys/devices/" XHCI "/config", "\206\200" },
  { "sys/devices/" XHCI "/power/control", "auto\n" },
  { "sys/devices/" XHCI "/usb3/busnum", "3\n" },
  { "sys/devices/" XHCI "/usb3/speed", "480\n" },
  { "sys/devices/" XHCI "/usb3/maxchild", "15\n" },
  { "sys/devices/" XHCI "/usb3/3-1/idVendor", "046d\n" },
  { "sys/devices/" XHCI "/usb3/3-1/idProduct", "c31c\n" },
  { "sys/devices/" XHCI "/usb3/3-1/product", "USB Keyboard\n" },
  { "sys/devices/" XHCI "/usb3/3-1/manufacturer", "Logitech\n" },
  { "sys/devices/" XHCI "/usb3/3-1/bDeviceClass", "00\n" },
  { "sys/devices/" XHCI "/usb3/3-1/speed", "1.5\n" },
  { "sys/devices/" XHCI "/usb3/3-1/maxchild", "0\n" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/bInterfaceClass", "03\n" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/bInterfaceSubClass", "01\n" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/bInterfaceProtocol", "01\n" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/uevent", "DRIVER=usbhid\n" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/0003:046D:C31C.0001/report_descriptor",
    "\005\001\011\006\241\001\300" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/0003:046D:C31C.0001/input/input1/name", "Keyboard\n" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/0003:046D:C31C.0001/input/input1/capabilities/ev", "120013\n" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/0003:046D:C31C.0001/input/input1/capabilities/key",
    "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe\n" },
  { "sys/devices/" XHCI "/usb3/3-1/3-1:1.0/0003:046D:C31C.0001/input/input1/capabilities/rel", "0\n" },
  { "sys/devices/" SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/dev", "8:0\n" },
  { "sys/devices/" SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/size", "2000000\n" },
  { "sys/devices/" SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/device/model", "Disk\n" },
  { "sys/devices/" SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1/dev", "8:1\n" },
  { "sys/devices/" SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1/partition", "1\n" },
  { "sys/devices/virtual/block/dm-0/dev", "254:0\n" },
  { "sys/devices/virtual/block/dm-0/dm/name", "crypt\n" },
  { "sys/devices/virtual/block/loop0/dev", "7:0\n" },
  { "sys/devices/virtual/block/loop0/loop/backing_file", "/srv/image\n" },
  { "sys/devices/" CARD "/secondary_bus_number", "3\n" },
  { "sys/devices/" CARD "/config", "\206\200" },
  { "sys/devices/" BRIDGE "/config", "\206\200" },
  { "sys/devices/" CARD "/net/eth0/operstate", "up\n" },
  { "sys/devices/" CARD "/net/eth0/flags", "0x1003\n" },
  { "sys/kernel/iommu_groups/4/type", "DMA-FQ\n" },
  { "sys/kernel/iommu_groups/4/reserved_regions", "0x00000000fee00000 0x00000000feefffff msi\n" },
  { "sys/firmware/acpi/tables/DMAR", "" },
  { "sys/module/vfio_pci/parameters/ids", "8086:8cad\n" },
  { "sys/class/dmi/id/chassis_type", "3\n" },
  { "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n" },
  { "proc/cmdline", "root=/dev/sda1 intel_iommu=on vfio-pci.ids=8086:8cad\n" },
  { "proc/1/mountinfo", "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n" },
  { "proc/1/mounts", "/dev/sda1 / ext4 rw 0 0\n" },
  { "proc/1/net/route",
    "Iface\tDestination\tGateway\neth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n" },
  { "proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/dm-0 partition\t999420\t0\t-2\n" },
  { "proc/mdstat", "md0 : active raid1 sda1[0]\n" },
  { "proc/sys/kernel/osrelease", "6.1.0-28-amd64\n" },
  { "udev/b8:1", "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n" },
  { "udev/+input:input1", "I:1\nE:ID_INPUT=1\nE:ID_INPUT_KEYBOARD=1\nE:ID_SEAT=seat0\nG:seat\n" },
  { "etc/modprobe.d/vfio.conf", "options vfio-pci ids=8086:8cad\n" },
  { "etc/driverctl.d/0000:00:1a.0", "vfio-pci\n" },
  { "modprobe/0/vfio.conf", "softdep xhci_pci pre: vfio-pci\n" },
};

const char *const pf_fuzz_words[] = {
  "@@",
  "@@sys/devices/" XHCI "/config\n",
  "@@sys/devices/" BRIDGE "/config\n",
  "@@sys/devices/" XHCI "/usb3/3-1/product\n",
  "@@sys/devices/" XHCI "/usb3/maxchild\n",
  "@@sys/devices/" XHCI "/usb3/3-1/maxchild\n",
  "@@sys/kernel/iommu_groups/4/reserved_regions\n",
  "@@proc/1/mountinfo\n",
  "@@proc/swaps\n",
  "@@proc/1/net/route\n",
  "@@udev/b8:1\n",
  "@@udev/+input:input1\n",
  "@@etc/modprobe.d/vfio.conf\n",
  "@@proc/cmdline\n",
  "@@sys/module/vfio_pci/parameters/ids\n",
  "@@sys/devices/virtual/block/dm-0/dm/name\n",
  "0x8086\n",
  "0x0c0330\n",
  "0xffff\n",
  "0xffffffff\n",
  "(null)\n",
  "flr ",
  "bus ",
  "DRIVER=",
  "vfio-pci\n",
  "8:1\n",
  "254:0\n",
  "- ext4 /dev/",
  "\\040",
  "\\134",
  "direct",
  "msi",
  "reserved",
  "E:ID_FS_LABEL=",
  "E:ID_INPUT_KEYBOARD=1\n",
  "options vfio-pci ids=",
  "softdep ",
  "pre: ",
  "blacklist ",
  "8086:8cb1",
  ",",
  "\n",
  " ",
  "\t",
  "->",
  "->../../../../../../proc/cmdline",
  "->.",
  "\033[2J",
  "\342\200\256",
  "\377\376",
  "-1",
  NULL,
};

static const PfTestFunction functions[] = {
  { XHCI, { 0x8086, 0x8cb1, 0x1849, 0x8cb1 }, 0x0c0330, "xhci_hcd", 4, 0 },
  { EHCI, { 0x8086, 0x8cad, 0x1849, 0x8cad }, 0x0c0320, "ehci-pci", 7, 0 },
  { SATA, { 0x8086, 0x8c82, 0, 0 }, 0x010601, "ahci", 7, 0 },
  { BRIDGE, { 0x8086, 0x8c98, 0, 0 }, 0x060400, "pcieport", 9, 0x81 },
  { CARD, { 0x1912, 0x0014, 0, 0 }, 0x0c0330, "vfio-pci", 9, 0 },
};

static PfTestTree *tree;
static PfTree *opened;      /* one for all inputs: each has a process of its own to read with */
static GHashTable *changed; /* of indices into files */

static void
restore (guint index)
{
  g_autofree char *path = pf_test_tree_path (tree, "%s", files[index].path);

  unlink (path);
  pf_test_tree_write (tree, files[index].path, files[index].contents);
}

static void
link_class (const char *kind, const char *name, const char *place)
{
  g_autofree char *path = g_strdup_printf ("sys/%s/%s", kind, name);
  gboolean is_deep = strchr (kind, '/') != NULL;
  g_autofree char *target = g_strdup_printf ("%s../devices/%s", is_deep ? "../" : "", place);

  pf_test_tree_link (tree, path, target);
}

static void
make_tree (void)
{
  tree = pf_test_tree_new ();
  changed = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    pf_test_tree_add_function (tree, &functions[i]);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    restore (i);
  link_class ("class/block", "sda", SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda");
  link_class ("class/block", "sda1", SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1");
  link_class ("class/block", "dm-0", "virtual/block/dm-0");
  link_class ("class/block", "loop0", "virtual/block/loop0");
  link_class ("dev/block", "8:0", SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda");
  link_class ("dev/block", "8:1", SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1");
  link_class ("dev/block", "254:0", "virtual/block/dm-0");
  link_class ("class/net", "eth0", CARD "/net/eth0");
  link_class ("class/input", "input1", XHCI "/usb3/3-1/3-1:1.0/0003:046D:C31C.0001/input/input1");
  pf_test_tree_link (tree, "sys/devices/virtual/block/dm-0/slaves/sda1",
                     "../../../../" SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1");
  pf_test_tree_link (tree, "sys/devices/" CARD "/net/eth0/device", "../..");
  opened = pf_test_tree_open (tree);
}

static void
free_tree (void)
{
  pf_tree_unref (opened);
  pf_test_tree_free (tree);
  g_hash_table_unref (changed);
}

/* Which file a name means: what is none of them means one as well. */
static guint
find_file (const char *name, gsize length)
{
  guint sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (strlen (files[i].path) == length && memcmp (files[i].path, name, length) == 0)
      return i;
  for (gsize i = 0; i < length; i++)
    sum = sum * 31 + (guchar) name[i];
  return sum % G_N_ELEMENTS (files);
}

static void
fill (guint index, const char *contents, gsize length)
{
  g_autofree char *path = pf_test_tree_path (tree, "%s", files[index].path);

  g_hash_table_add (changed, GUINT_TO_POINTER (index));
  unlink (path);
  if (length > 2 && length < 256 && memcmp (contents, "->", 2) == 0)
    {
      g_autofree char *target = g_strndup (contents + 2, length - 2);

      if (*target != '\0' && symlink (target, path) == 0)
        return;
    }
  if (length > 0)
    pf_test_tree_write_bytes (tree, files[index].path, contents, MIN (length, MAX_CONTENTS));
}

static void
fill_all (const char *data, gsize size)
{
  const char *end = data + size;

  for (guint n = 0; n < MAX_FILES && data != NULL && data < end; n++)
    {
      const char *next = memmem (data + 1, (gsize) (end - data - 1), "\n@@", 3);
      const char *stop = next != NULL ? next + 1 : end;
      const char *name = stop - data >= 2 && memcmp (data, "@@", 2) == 0 ? data + 2 : data;
      const char *line = memchr (name, '\n', (gsize) (stop - name));

      if (line != NULL)
        fill (find_file (name, (gsize) (line - name)), line + 1, (gsize) (stop - line - 1));
      data = next != NULL ? next + 1 : NULL;
    }
}

static void
check_name (const char *text, gboolean may_be_missing)
{
  if (may_be_missing && text == NULL)
    return;
  pf_fuzz_check_line (text);
}

static void
check_functions (const GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      const PfFunction *function = list->pdata[i];

      check_name (function->address, FALSE);
      check_name (function->path, TRUE);
      check_name (function->name, FALSE);
      check_name (function->driver, TRUE);
      check_name (function->driver_override, TRUE);
      pf_fuzz_check_text (function->warning != NULL ? function->warning : "");
      for (guint j = 0; function->reset_methods != NULL && function->reset_methods[j] != NULL; j++)
        check_name (function->reset_methods[j], FALSE);
    }
}

static void
check_controllers (const PfBoard *board)
{
  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = board->controllers->pdata[i];

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = controller->devices->pdata[j];

          check_name (device->sysname, FALSE);
          check_name (device->name, FALSE);
          g_assert_cmpint (g_utf8_strlen (device->name, -1), <=, PF_TEXT_MAX_NAME);
          g_assert_cmpint (device->bit, >=, -1);
          g_assert_cmpint (device->bit, <=, 31);
        }
    }
}

static void
check_uses (const PfBoard *board)
{
  for (guint i = 0; i < board->uses->len; i++)
    {
      const PfUse *use = board->uses->pdata[i];

      check_name (use->what, TRUE);
      check_name (use->where, TRUE);
    }
  for (guint i = 0; i < board->others->len; i++)
    check_name (board->others->pdata[i], FALSE);
  for (guint i = 0; i < board->inputs->len; i++)
    check_name (((const PfInput *) board->inputs->pdata[i])->name, TRUE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer index;

  if (tree == NULL)
    {
      make_tree ();
      atexit (free_tree);
    }
  fill_all ((const char *) data, size);
  board = pf_scan (opened, tree->chipsets, tree->names, NULL, &error);
  pf_fuzz_check_error (board != NULL, error);
  g_assert_nonnull (board);
  check_functions (board->functions);
  check_controllers (board);
  check_uses (board);
  g_hash_table_iter_init (&iter, changed);
  while (g_hash_table_iter_next (&iter, &index, NULL))
    restore (GPOINTER_TO_UINT (index));
  g_hash_table_remove_all (changed);
  return 0;
}
