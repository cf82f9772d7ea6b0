/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-tree.h"

#include <errno.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define CONFIG_SIZE 256

static const char chipsets_conf[] = "[chipset 8086:8cb1]\n"
                                    "name=Wildcat Point-H\n"
                                    "require_bdf=0000:00:14.0\n"
                                    "ehci1=8086:8ca6@0000:00:1d.0\n"
                                    "ehci2=8086:8cad@0000:00:1a.0\n"
                                    "usbr_bit=14\n"
                                    "mask_max=0x00003fff\n"
                                    "ss_mask_max=0x0000003f\n"
                                    "ehci1_bits=0;1;2;3;4;5;6;7\n"
                                    "ehci2_bits=8;9;10;11;12;13\n"
                                    "xhci_hs_bits=0;1;2;3;8;9;10;11;4;5;12;13;6;7;14\n"
                                    "ss_bits=0;1;2;3;4;5\n";

/**
 * pf_test_tree_new:
 *
 * Returns: (transfer full): a tree with no device in it
 */
PfTestTree *
pf_test_tree_new (void)
{
  PfTestTree *tree = g_new0 (PfTestTree, 1);
  g_autoptr (GError) error = NULL;

  tree->root = g_dir_make_tmp (NULL, &error);
  g_assert_no_error (error);
  tree->chipsets = pf_chipset_table_new ();
  pf_chipset_table_add (tree->chipsets, chipsets_conf, strlen (chipsets_conf), &error);
  g_assert_no_error (error);
  tree->names = pf_names_new ();
  pf_test_tree_make_directory (tree, "sys/bus/pci/devices");
  pf_test_tree_make_directory (tree, "sys/bus/pci/drivers");
  pf_test_tree_make_directory (tree, "sys/kernel/iommu_groups");
  pf_test_tree_make_directory (tree, "dev");
  pf_test_tree_make_directory (tree, "proc");
  pf_test_tree_make_directory (tree, "udev");
  pf_test_tree_make_directory (tree, "etc");
  return tree;
}

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *state)
{
  return remove (path);
}

void
pf_test_tree_free (PfTestTree *tree)
{
  g_assert_no_errno (nftw (tree->root, remove_entry, 32, FTW_DEPTH | FTW_PHYS));
  pf_chipset_table_free (tree->chipsets);
  pf_names_free (tree->names);
  g_free (tree->root);
  g_free (tree);
}

PfTree *
pf_test_tree_open (const PfTestTree *tree)
{
  g_autofree char *sys = pf_test_tree_path (tree, "sys");
  g_autofree char *dev = pf_test_tree_path (tree, "dev");
  g_autofree char *proc = pf_test_tree_path (tree, "proc");
  g_autofree char *udev = pf_test_tree_path (tree, "udev");
  g_autofree char *etc = pf_test_tree_path (tree, "etc");
  g_autoptr (GError) error = NULL;
  PfTree *opened = pf_tree_new (sys, dev, proc, &error);

  g_assert_no_error (error);
  pf_tree_set_udev (opened, udev);
  pf_tree_set_etc (opened, etc);
  for (guint i = 0; i < PF_TREE_N_MODPROBE; i++)
    {
      g_autofree char *folder = pf_test_tree_path (tree, "modprobe/%u", i);

      pf_tree_set_modprobe (opened, i, folder);
    }
  return opened;
}

PfBoard *
pf_test_tree_scan (const PfTestTree *tree)
{
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (GError) error = NULL;
  PfBoard *board = pf_scan (opened, tree->chipsets, tree->names, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (board);
  return board;
}

char *
pf_test_tree_path (const PfTestTree *tree, const char *format, ...)
{
  g_autofree char *relative = NULL;
  va_list arguments;

  va_start (arguments, format);
  relative = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return g_build_filename (tree->root, relative, NULL);
}

void
pf_test_tree_make_directory (const PfTestTree *tree, const char *path)
{
  g_autofree char *full = pf_test_tree_path (tree, "%s", path);

  g_assert_no_errno (g_mkdir_with_parents (full, 0755));
}

static void
make_parent (const PfTestTree *tree, const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);

  pf_test_tree_make_directory (tree, parent);
}

void
pf_test_tree_write_bytes (const PfTestTree *tree, const char *path, const void *bytes, gsize length)
{
  g_autofree char *full = pf_test_tree_path (tree, "%s", path);
  FILE *file;

  make_parent (tree, path);
  file = g_fopen (full, "we");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  g_assert_no_errno (fclose (file));
}

void
pf_test_tree_write (const PfTestTree *tree, const char *path, const char *text)
{
  pf_test_tree_write_bytes (tree, path, text, strlen (text));
}

void
pf_test_tree_link (const PfTestTree *tree, const char *path, const char *target)
{
  g_autofree char *full = pf_test_tree_path (tree, "%s", path);

  make_parent (tree, path);
  unlink (full);
  g_assert_no_errno (symlink (target, full));
}

void
pf_test_tree_remove (const PfTestTree *tree, const char *path)
{
  g_autofree char *full = pf_test_tree_path (tree, "%s", path);

  g_assert_no_errno (nftw (full, remove_entry, 32, FTW_DEPTH | FTW_PHYS));
}

/**
 * pf_test_tree_set:
 * @function: a function that was added
 * @attribute: file in its directory
 * @text: its contents
 */
void
pf_test_tree_set (const PfTestTree *tree,
                  const PfTestFunction *function,
                  const char *attribute,
                  const char *text)
{
  g_autofree char *path = g_strdup_printf ("sys/devices/%s/%s", function->place, attribute);

  pf_test_tree_write (tree, path, text);
}

G_GNUC_PRINTF (4, 5)
static void
set_number (
    const PfTestTree *tree, const PfTestFunction *function, const char *attribute, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  pf_test_tree_set (tree, function, attribute, text);
}

/* From @place, so many elements below sys/devices, up to sys. */
static char *
make_way_up (const char *place)
{
  GString *way = g_string_new ("../../");

  for (const char *c = place; *c != '\0'; c++)
    if (*c == '/')
      g_string_append (way, "../");
  return g_string_free (way, FALSE);
}

static void
link_function (const PfTestTree *tree, const PfTestFunction *function)
{
  g_autofree char *address = g_path_get_basename (function->place);
  g_autofree char *up = make_way_up (function->place);
  g_autofree char *bus_link = g_strdup_printf ("sys/bus/pci/devices/%s", address);
  g_autofree char *bus_target = g_strdup_printf ("../../../devices/%s", function->place);
  g_autofree char *driver = g_strdup_printf ("sys/devices/%s/driver", function->place);
  g_autofree char *driver_target = g_strdup_printf ("%sbus/pci/drivers/%s", up, function->driver);
  g_autofree char *group = g_strdup_printf ("sys/devices/%s/iommu_group", function->place);
  g_autofree char *group_target = g_strdup_printf ("%skernel/iommu_groups/%d", up, function->group);
  g_autofree char *member
      = g_strdup_printf ("sys/kernel/iommu_groups/%d/devices/%s", function->group, address);
  g_autofree char *member_target = g_strdup_printf ("../../../../devices/%s", function->place);

  pf_test_tree_link (tree, bus_link, bus_target);
  if (function->driver != NULL)
    {
      g_autofree char *directory = g_strdup_printf ("sys/bus/pci/drivers/%s", function->driver);

      pf_test_tree_make_directory (tree, directory);
      pf_test_tree_link (tree, driver, driver_target);
    }
  if (function->group >= 0)
    {
      pf_test_tree_link (tree, group, group_target);
      pf_test_tree_link (tree, member, member_target);
    }
}

static void
write_config (const PfTestTree *tree, const PfTestFunction *function, const guint32 registers[4])
{
  g_autofree char *path = g_strdup_printf ("sys/devices/%s/config", function->place);
  guint8 config[CONFIG_SIZE] = { 0 };

  config[0x00] = (guint8) function->ids[0];
  config[0x01] = (guint8) (function->ids[0] >> 8);
  config[0x02] = (guint8) function->ids[1];
  config[0x03] = (guint8) (function->ids[1] >> 8);
  config[0x0e] = function->header_type;
  for (guint i = 0; registers != NULL && i < 16; i++)
    config[0xd0 + i] = (guint8) (registers[i / 4] >> 8 * (i % 4));
  pf_test_tree_write_bytes (tree, path, config, sizeof config);
}

/**
 * pf_test_tree_add_function:
 * @function: what it is
 *
 * Adds a PCI function with the links that the kernel makes for it.
 */
void
pf_test_tree_add_function (const PfTestTree *tree, const PfTestFunction *function)
{
  g_autofree char *address = g_path_get_basename (function->place);

  set_number (tree, function, "vendor", "0x%04x\n", function->ids[0]);
  set_number (tree, function, "device", "0x%04x\n", function->ids[1]);
  set_number (tree, function, "subsystem_vendor", "0x%04x\n", function->ids[2]);
  set_number (tree, function, "subsystem_device", "0x%04x\n", function->ids[3]);
  set_number (tree, function, "class", "0x%06x\n", function->class_code);
  set_number (tree, function, "driver_override", "(null)\n");
  set_number (tree, function, "uevent", "%s%s%sPCI_CLASS=%X\nPCI_SLOT_NAME=%s\n",
              function->driver == NULL ? "" : "DRIVER=", function->driver == NULL ? "" : function->driver,
              function->driver == NULL ? "" : "\n", function->class_code, address);
  write_config (tree, function, NULL);
  link_function (tree, function);
}

/**
 * pf_test_tree_set_registers:
 * @function: an xHCI that was added
 * @registers: XUSB2PR, XUSB2PRM, USB3_PSSEN and USB3PRM
 */
void
pf_test_tree_set_registers (const PfTestTree *tree,
                            const PfTestFunction *function,
                            const guint32 registers[4])
{
  write_config (tree, function, registers);
}

/**
 * pf_test_tree_add_usb:
 * @place: of a USB device, interface or input device, below sys/devices
 * @attributes: its attributes: "name=value" separated by semicolons
 */
void
pf_test_tree_add_usb (const PfTestTree *tree, const char *place, const char *attributes)
{
  g_auto (GStrv) pairs = g_strsplit (attributes, ";", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (pairs[i], "=", 2);
      g_autofree char *path = g_strdup_printf ("sys/devices/%s/%s", place, pair[0]);
      g_autofree char *text = NULL;

      g_assert_nonnull (pair[1]);
      text = g_strconcat (pair[1], "\n", NULL);
      pf_test_tree_write (tree, path, text);
    }
}
