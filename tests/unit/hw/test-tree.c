/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "pf-error.h"
#include "pf-holders.h"
#include "pf-id-file.h"
#include "pf-module.h"
#include "pf-test-tree.h"
#include "pf-text.h"

static void
test_links (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autofree char *text = NULL;
  g_autofree char *target = NULL;
  g_autofree char *name = NULL;

  pf_test_tree_write (tree, "sys/devices/x/value", "one\n");
  pf_test_tree_link (tree, "sys/bus/a/x", "../../devices/x");
  text = pf_tree_read_text (opened, PF_TREE_SYS, "bus/a/x/value");
  g_assert_cmpstr (text, ==, "one");
  target = pf_tree_read_link (opened, PF_TREE_SYS, "bus/a/x");
  g_assert_cmpstr (target, ==, "../../devices/x");
  name = pf_tree_read_link_name (opened, PF_TREE_SYS, "bus/a/x");
  g_assert_cmpstr (name, ==, "x");
  g_assert_null (pf_tree_read_link (opened, PF_TREE_SYS, "devices/x"));
  g_assert_cmpint (errno, ==, EINVAL);
  g_assert_null (pf_tree_read_link (opened, PF_TREE_SYS, "devices/y"));
  g_assert_cmpint (errno, ==, ENOENT);
}

static void
test_beneath (void)
{
  static const char *const paths[]
      = { "../secret", "devices/../../secret", "/etc/passwd", "out", "magic/root" };
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);

  pf_test_tree_write (tree, "secret", "secret\n");
  pf_test_tree_make_directory (tree, "sys/devices");
  pf_test_tree_link (tree, "sys/out", "../secret");
  pf_test_tree_link (tree, "sys/magic", "/proc/self");
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_assert_cmpint (pf_tree_open_quiet (opened, PF_TREE_SYS, paths[i], O_RDONLY), ==, -1);
      g_assert_true (errno == EXDEV || errno == ELOOP);
    }
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *text;
    guint base;
    gboolean is_number;
    guint64 value;
  } cases[] = {
    { "480\n", 10, TRUE, 480 },     { "0x8086\n", 16, TRUE, 0x8086 },
    { "1d6b\n", 16, TRUE, 0x1d6b }, { "0x10\n", 10, FALSE, 99 },
    { "\n", 10, FALSE, 99 },        { "-1\n", 10, FALSE, 99 },
    { "12 34\n", 10, FALSE, 99 },   { "99999999999999999999\n", 10, FALSE, 99 },
  };
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 value = 99;

      pf_test_tree_write (tree, "sys/number", cases[i].text);
      g_assert_cmpint (pf_tree_read_uint (opened, PF_TREE_SYS, "number", cases[i].base, &value), ==,
                       cases[i].is_number);
      g_assert_cmpuint (value, ==, cases[i].value);
    }
}

static void
test_bytes (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autofree guint8 *all = g_malloc (10000);
  guint8 bytes[8];

  for (guint i = 0; i < 10000; i++)
    all[i] = (guint8) (i * 7);
  pf_test_tree_write_bytes (tree, "sys/config", all, 10000);
  g_assert_cmpint (pf_tree_read_bytes (opened, PF_TREE_SYS, "config", 5, bytes, 8), ==, 8);
  g_assert_cmpmem (bytes, 8, all + 5, 8);
  g_assert_cmpint (pf_tree_read_bytes (opened, PF_TREE_SYS, "config", 9998, bytes, 8), ==, 2);
  g_assert_cmpint (pf_tree_read_bytes (opened, PF_TREE_SYS, "config", 10000, bytes, 8), ==, 0);
  g_assert_cmpint (pf_tree_read_bytes (opened, PF_TREE_SYS, "none", 0, bytes, 8), ==, -1);
  g_assert_cmpint (errno, ==, ENOENT);
}

static void
test_list (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) none = NULL;

  pf_test_tree_write (tree, "sys/list/b", "");
  pf_test_tree_write (tree, "sys/list/0003:046D:C31C.0001", "");
  pf_test_tree_write (tree, "sys/list/a b", "");
  pf_test_tree_write (tree, "sys/list/.hidden", "");
  pf_test_tree_write (tree, "sys/list/\033[2J", "");
  pf_test_tree_write (tree, "sys/list/\303\244", "");
  names = pf_tree_list (opened, PF_TREE_SYS, "list");
  g_assert_cmpuint (names->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (names, 0), ==, "0003:046D:C31C.0001");
  g_assert_cmpstr (g_ptr_array_index (names, 1), ==, "a b");
  g_assert_cmpstr (g_ptr_array_index (names, 2), ==, "b");
  none = pf_tree_list (opened, PF_TREE_SYS, "none");
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_errors (void)
{
  static const struct
  {
    int number;
    gboolean writing;
    PfTreeRoot root;
    PfError code;
  } cases[] = {
    { ENOENT, FALSE, PF_TREE_SYS, PF_ERROR_NO_SUCH_DEVICE },
    { ENODEV, TRUE, PF_TREE_SYS, PF_ERROR_NO_SUCH_DEVICE },
    { EROFS, TRUE, PF_TREE_SYS, PF_ERROR_READ_ONLY },
    { EBUSY, TRUE, PF_TREE_DEV, PF_ERROR_HELD },
    { EBUSY, TRUE, PF_TREE_SYS, PF_ERROR_WRITE_FAILED },
    { EPERM, TRUE, PF_TREE_SYS, PF_ERROR_WRITE_FAILED },
    { EPERM, FALSE, PF_TREE_SYS, PF_ERROR_FAILED },
    { EIO, TRUE, PF_TREE_SYS, PF_ERROR_WRITE_FAILED },
    { EXDEV, FALSE, PF_TREE_SYS, PF_ERROR_FAILED },
  };
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (GError) missing = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      pf_tree_set_error (&error, cases[i].number, cases[i].writing, cases[i].root, "some/thing");
      g_assert_error (error, PF_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, "some/thing"));
    }
  g_assert_cmpint (pf_tree_open (opened, PF_TREE_SYS, "bus/pci/drivers/none/bind", O_WRONLY, &missing), ==,
                   -1);
  g_assert_error (missing, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE);
  g_assert_nonnull (strstr (missing->message, "/sys/bus/pci/drivers/none/bind"));
}

static void
test_roots (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autofree char *sys = pf_test_tree_path (tree, "sys");
  g_autofree char *none = pf_test_tree_path (tree, "none");
  g_autoptr (PfTree) only_sys = pf_tree_new (sys, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (only_sys);
  g_assert_cmpint (pf_tree_open_quiet (only_sys, PF_TREE_DEV, "null", O_RDONLY), ==, -1);
  g_assert_cmpint (errno, ==, ENOENT);
  g_assert_null (pf_tree_new (none, NULL, NULL, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE);
}

static void
test_text (void)
{
  g_autofree char *clean = pf_text_clean ("a\0b\033c\377\n\td  \n\n", 13);
  g_autofree char *empty = pf_text_clean ("\n", 1);
  g_autofree char *name = pf_text_to_name (" a\n\tb ");

  g_assert_cmpstr (clean, ==, "a\357\277\275b\357\277\275c\357\277\275\n\td");
  g_assert_cmpstr (empty, ==, "");
  g_assert_cmpstr (name, ==, "a  b");
  g_assert_null (pf_text_to_name (empty));
  g_assert_null (pf_text_to_name (" \n"));
  g_assert_null (pf_text_to_name (NULL));
}

static void
test_id_file (void)
{
  static const char text[]
      = "# comment\n8086  Intel Corporation\n\t8cb1  9 Series USB xHCI\n\t\t1849 8cb1  Board\n"
        "\t8cb2  Another\n1b21  ASMedia\n\t8086  Not a vendor\nC 0c  Serial bus\n";
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autofree char *path = pf_test_tree_path (tree, "pci.ids");
  const char *const paths[] = { "/nowhere/pci.ids", path, NULL };
  g_autoptr (PfIdFile) file = NULL;
  static const struct
  {
    guint16 vendor, device;
    const char *vendor_name, *device_name;
  } cases[] = {
    { 0x8086, 0x8cb1, "Intel Corporation", "9 Series USB xHCI" },
    { 0x8086, 0x8cb2, "Intel Corporation", "Another" },
    { 0x8086, 0x8086, "Intel Corporation", NULL },
    { 0x8086, 0x1849, "Intel Corporation", NULL },
    { 0x1b21, 0x8086, "ASMedia", "Not a vendor" },
    { 0x1b22, 0x8086, NULL, NULL },
  };

  pf_test_tree_write (tree, "pci.ids", text);
  file = pf_id_file_open (paths);
  g_assert_nonnull (file);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *vendor_name = NULL;
      g_autofree char *device_name = NULL;

      g_assert_cmpint (pf_id_file_lookup (file, cases[i].vendor, cases[i].device, &vendor_name, &device_name),
                       ==, cases[i].vendor_name != NULL);
      g_assert_cmpstr (vendor_name, ==, cases[i].vendor_name);
      g_assert_cmpstr (device_name, ==, cases[i].device_name);
    }
}

static void
test_names (void)
{
  g_autoptr (PfNames) names = pf_names_new ();
  g_autofree char *known = pf_names_get_pci (names, 0x8086, 0x8cb1, 0x0c0330);
  g_autofree char *again = pf_names_get_pci (names, 0x8086, 0x8cb1, 0x0c0330);
  g_autofree char *controller = pf_names_get_pci (names, 0xfff9, 0x1234, 0x0c0330);
  g_autofree char *bridge = pf_names_get_pci (names, 0xfff9, 0x1234, 0x060400);
  g_autofree char *other = pf_names_get_pci (names, 0xfff9, 0x1234, 0xff0000);
  g_autofree char *usb = pf_names_get_usb (names, 0xfff9, 0x1234);

  /* The test machine has hwdata or udev, which the tests need anyway. */
  g_assert_true (g_str_has_prefix (known, "Intel Corporation "));
  g_assert_nonnull (strstr (known, "9 Series"));
  g_assert_cmpstr (again, ==, known);
  g_assert_cmpstr (controller, ==, "xHCI USB controller fff9:1234");
  g_assert_cmpstr (bridge, ==, "PCI bridge fff9:1234");
  g_assert_cmpstr (other, ==, "PCI device fff9:1234");
  g_assert_cmpstr (usb, ==, "USB device fff9:1234");
}

/* In a tree that is no procfs, what a link says has to do. */
static void
test_holder (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autofree char *nobody = NULL;
  g_autofree char *holder = NULL;
  g_autofree char *device_holder = NULL;

  pf_test_tree_write (tree, "dev/vfio/12", "");
  pf_test_tree_write (tree, "proc/100/comm", "bash\n");
  pf_test_tree_link (tree, "proc/100/fd/0", "/dev/pts/12");
  pf_test_tree_link (tree, "proc/100/fd/1", "/dev/vfio/112");
  nobody = pf_holders_find (opened, 12);
  g_assert_null (nobody);
  pf_test_tree_write (tree, "proc/4242/comm", "qemu\033[2J-system\n");
  pf_test_tree_link (tree, "proc/4242/fd/23", "/dev/vfio/12");
  holder = pf_holders_find (opened, 12);
  g_assert_cmpstr (holder, ==, "qemu\357\277\275[2J-system (4242)");
  pf_test_tree_make_directory (tree, "sys/kernel/iommu_groups/13/devices/0000:03:00.0/vfio-dev/vfio5");
  pf_test_tree_write (tree, "dev/vfio/devices/vfio5", "");
  pf_test_tree_link (tree, "proc/100/fd/2", "/dev/vfio/devices/vfio5");
  device_holder = pf_holders_find (opened, 13);
  g_assert_cmpstr (device_holder, ==, "bash (100)");
}

/* Where opening the node is not permitted, /proc decides. */
static void
test_holder_not_permitted (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autofree char *node = pf_test_tree_path (tree, "dev/vfio/12");
  g_autofree char *nobody = NULL;
  g_autofree char *holder = NULL;
  gboolean free_is_held, is_held;

  pf_test_tree_write (tree, "dev/vfio/12", "");
  pf_test_tree_write (tree, "proc/4242/comm", "qemu\n");
  g_assert_no_errno (chmod (node, 0));
  setfsuid (65534); /* root too is refused then */
  free_is_held = pf_holders_group_is_held (opened, 12, &nobody);
  setfsuid (geteuid ());
  pf_test_tree_link (tree, "proc/4242/fd/23", "/dev/vfio/12");
  setfsuid (65534);
  is_held = pf_holders_group_is_held (opened, 12, &holder);
  setfsuid (geteuid ());
  g_assert_false (free_is_held);
  g_assert_null (nobody);
  g_assert_true (is_held);
  g_assert_cmpstr (holder, ==, "qemu (4242)");
}

/* With a real procfs the device number decides, not the path. */
static void
test_holder_by_number (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autofree char *sys = pf_test_tree_path (tree, "sys");
  g_autofree char *dev = pf_test_tree_path (tree, "dev");
  g_autofree char *node = pf_test_tree_path (tree, "dev/vfio/12");
  g_autofree char *private_node = pf_test_tree_path (tree, "elsewhere/12");
  g_autofree char *wrong_node = pf_test_tree_path (tree, "dev/vfio/13");
  g_autofree char *expected = g_strdup_printf ("test-tree (%d)", getpid ());
  g_autoptr (PfTree) opened = pf_tree_new (sys, dev, "/proc", NULL);
  g_autofree char *nobody = NULL;
  g_autofree char *holder = NULL;
  g_autofree char *of_other = NULL;
  int descriptor;

  pf_test_tree_make_directory (tree, "dev/vfio");
  pf_test_tree_make_directory (tree, "elsewhere");
  g_assert_no_errno (mknod (node, S_IFCHR | 0600, makedev (1, 3)));
  g_assert_no_errno (mknod (private_node, S_IFCHR | 0600, makedev (1, 3)));
  g_assert_no_errno (mknod (wrong_node, S_IFCHR | 0600, makedev (1, 5)));
  nobody = pf_holders_find (opened, 12);
  g_assert_null (nobody);
  descriptor = open (private_node, O_RDWR | O_CLOEXEC);
  g_assert_no_errno (descriptor);
  holder = pf_holders_find (opened, 12);
  g_assert_cmpstr (holder, ==, expected);
  of_other = pf_holders_find (opened, 13);
  g_assert_null (of_other);
  close (descriptor);
}

static void
test_module (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (pf_module_load ("pf-no-such-module", NULL, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "pf-no-such-module"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tree/links", test_links);
  g_test_add_func ("/tree/beneath", test_beneath);
  g_test_add_func ("/tree/numbers", test_numbers);
  g_test_add_func ("/tree/bytes", test_bytes);
  g_test_add_func ("/tree/list", test_list);
  g_test_add_func ("/tree/errors", test_errors);
  g_test_add_func ("/tree/roots", test_roots);
  g_test_add_func ("/text", test_text);
  g_test_add_func ("/id-file", test_id_file);
  g_test_add_func ("/names", test_names);
  g_test_add_func ("/holders/by-path", test_holder);
  g_test_add_func ("/holders/not-permitted", test_holder_not_permitted);
  /* Making device nodes takes root. */
  if (geteuid () == 0)
    g_test_add_func ("/holders/by-number", test_holder_by_number);
  g_test_add_func ("/module", test_module);
  return g_test_run ();
}
