/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading the facts, from a folder that looks like a machine. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#include "pf-doctor-facts.h"
#include "pf-doctor-guests.h"

typedef struct
{
  char *root;
} Fixture;

static void
write_file (Fixture *fixture, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (fixture->root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (full, text, -1, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("portferry-doctor-XXXXXX", NULL);
  g_assert_nonnull (fixture->root);
}

static void
remove_below (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_below (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_below (fixture->root);
  g_free (fixture->root);
}

static void
test_machine (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfDoctorFacts) facts = NULL;
  const PfDoctorController *xhci;

  write_file (fixture, "proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: a: b\n");
  write_file (fixture, "proc/cmdline", "quiet iommu=pt\n");
  write_file (fixture, "proc/meminfo", "MemTotal:       16384 kB\nMemFree: 1 kB\n");
  write_file (fixture, "proc/sys/kernel/osrelease", "6.1.0-28-amd64\n");
  write_file (fixture, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
  write_file (fixture, "sys/firmware/acpi/tables/IVRS", "");
  write_file (fixture, "sys/class/iommu/ivhd0/x", "");
  write_file (fixture, "sys/kernel/iommu_groups/0/type", "DMA\n");
  write_file (fixture, "sys/kernel/iommu_groups/1/type", "DMA\n");
  write_file (fixture, "sys/bus/pci/devices/0000:00:14.0/class", "0x0c0330\n");
  write_file (fixture, "sys/bus/pci/devices/0000:00:14.0/vendor", "0x1022\n");
  write_file (fixture, "sys/bus/pci/devices/0000:00:14.0/device", "0x145c\n");
  write_file (fixture, "sys/bus/pci/devices/0000:00:02.0/class", "0x030000\n");
  facts = pf_doctor_facts_read (fixture->root);
  g_assert_cmpstr (facts->cpu, ==, "AuthenticAMD");
  g_assert_cmpstr (facts->cmdline, ==, "quiet iommu=pt");
  g_assert_cmpuint (facts->memory, ==, 16384 * 1024);
  g_assert_cmpstr (facts->release, ==, "6.1.0-28-amd64");
  g_assert_cmpstr (facts->lockdown, ==, "integrity");
  g_assert_true (facts->has_acpi);
  g_assert_true (facts->has_iommu_table);
  g_assert_cmpuint (facts->n_iommus, ==, 1);
  g_assert_cmpuint (facts->n_groups, ==, 2);
  g_assert_cmpuint (facts->controllers->len, ==, 1);
  xhci = pf_doctor_facts_find_controller (facts, "0000:00:14.0");
  g_assert_cmphex (xhci->vendor, ==, 0x1022);
  g_assert_cmphex (xhci->device, ==, 0x145c);
  g_assert_cmphex (xhci->class_code, ==, 0x0c0330);
}

static PfDoctorVfio
read_vfio (Fixture *fixture)
{
  g_autoptr (PfDoctorFacts) facts = pf_doctor_facts_read (fixture->root);

  return facts->vfio;
}

static void
test_vfio (Fixture *fixture, gconstpointer data)
{
  write_file (fixture, "proc/sys/kernel/osrelease", "6.1.0\n");
  g_assert_cmpint (read_vfio (fixture), ==, PF_DOCTOR_VFIO_MISSING);
  write_file (fixture, "lib/modules/6.1.0/modules.dep", "kernel/drivers/usb/host/xhci-pci.ko:\n");
  g_assert_cmpint (read_vfio (fixture), ==, PF_DOCTOR_VFIO_MISSING);
  write_file (fixture, "lib/modules/5.10.0/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko.zst: x\n");
  g_assert_cmpint (read_vfio (fixture), ==, PF_DOCTOR_VFIO_MISSING);
  write_file (fixture, "lib/modules/6.1.0/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko.zst: x\n");
  g_assert_cmpint (read_vfio (fixture), ==, PF_DOCTOR_VFIO_MODULE);
  write_file (fixture, "lib/modules/6.1.0/modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n");
  g_assert_cmpint (read_vfio (fixture), ==, PF_DOCTOR_VFIO_BUILTIN);
  write_file (fixture, "sys/bus/pci/drivers/vfio-pci/bind", "");
  g_assert_cmpint (read_vfio (fixture), ==, PF_DOCTOR_VFIO_READY);
}

/* Where nothing can be read, nothing is known, and nothing breaks. */
static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfDoctorFacts) facts = NULL;

  write_file (fixture, "proc/cmdline", "\xff\xfe broken");
  write_file (fixture, "proc/cpuinfo", "");
  write_file (fixture, "sys/kernel/security/lockdown", "]none[");
  facts = pf_doctor_facts_read (fixture->root);
  g_assert_true (g_utf8_validate (facts->cmdline, -1, NULL));
  g_assert_null (facts->cpu);
  g_assert_null (facts->lockdown);
  g_assert_false (facts->has_acpi);
  g_assert_cmpuint (facts->controllers->len, ==, 0);
}

static void
test_memlock (Fixture *fixture, gconstpointer data)
{
  const struct rlimit small = { 4096, 4096 };
  g_autoptr (PfDoctorFacts) facts = NULL;

  g_assert_cmpint (setrlimit (RLIMIT_MEMLOCK, &small), ==, 0);
  facts = pf_doctor_facts_read (fixture->root);
  g_assert_cmpuint (facts->memlock, ==, 4096);
}

static void
test_iommufd (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfDoctorFacts) without = NULL;
  g_autoptr (PfDoctorFacts) facts = NULL;

  write_file (fixture, "dev/iommu", "");
  without = pf_doctor_facts_read (fixture->root);
  g_assert_false (without->has_device_nodes);
  write_file (fixture, "dev/vfio/devices/vfio0", "");
  facts = pf_doctor_facts_read (fixture->root);
  g_assert_true (facts->has_device_nodes);
  g_assert_true (facts->may_open_iommu);
}

static void
write_cmdline (Fixture *fixture, const char *path, const char *words)
{
  g_autofree char *full = g_build_filename (fixture->root, path, NULL);
  g_autofree char *zeros = g_strdelimit (g_strdup (words), " ", '\0');
  g_autoptr (GError) error = NULL;

  write_file (fixture, path, "");
  g_file_set_contents (full, zeros, strlen (words) + 1, &error);
  g_assert_no_error (error);
}

/* The largest of those that run counts, and what is no virtual machine does not. */
static void
test_guests (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfDoctorFacts) facts = NULL;

  write_cmdline (fixture, "proc/10/cmdline", "/usr/bin/qemu-system-x86_64 -name small -m 2048");
  write_cmdline (fixture, "proc/11/cmdline",
                 "/usr/bin/qemu-system-x86_64 -name guest=large,debug-threads=on -m 6G");
  write_cmdline (fixture, "proc/12/cmdline", "/usr/bin/other -name huge -m 64G");
  write_cmdline (fixture, "proc/self/cmdline", "kvm -m 128G");
  facts = pf_doctor_facts_read (fixture->root);
  g_assert_cmpuint (facts->guest_memory, ==, G_GUINT64_CONSTANT (6) << 30);
  g_assert_cmpstr (facts->guest_name, ==, "large");
}

static void
assert_memory (const char *words, guint64 mebibytes)
{
  g_autofree char *zeros = g_strdelimit (g_strdup (words), " ", '\0');

  g_assert_cmpuint (pf_doctor_guests_parse_memory (zeros, strlen (words) + 1), ==, mebibytes << 20);
}

static void
test_guest_memory (void)
{
  assert_memory ("qemu-system-x86_64 -m 4096", 4096);
  assert_memory ("qemu-system-x86_64 -m 4096,slots=2,maxmem=8G", 4096);
  assert_memory ("qemu-system-x86_64 -m size=4194304k,slots=16,maxmem=1048576m", 4096);
  assert_memory ("qemu-system-x86_64 -m slots=2,size=1.5G", 1536);
  assert_memory ("/usr/libexec/qemu-kvm -m 8g -smp 4", 8192);
  assert_memory ("kvm -m 512M -m 1024", 1024);
  assert_memory ("kvm -cdrom x.iso", 128);
  assert_memory ("kvm -m", 128);
  assert_memory ("kvm -m nothing", 128);
  assert_memory ("kvm -m -5", 128);
  assert_memory ("kvm -m 99999999999999999999T", 128);
  assert_memory ("bash -m 4096", 0);
  g_assert_cmpuint (pf_doctor_guests_parse_memory ("", 0), ==, 0);
  g_assert_cmpuint (pf_doctor_guests_parse_memory ("kvm -m", 3), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/doctor/facts/machine", Fixture, NULL, set_up, test_machine, tear_down);
  g_test_add ("/doctor/facts/vfio", Fixture, NULL, set_up, test_vfio, tear_down);
  g_test_add ("/doctor/facts/nothing", Fixture, NULL, set_up, test_nothing, tear_down);
  g_test_add ("/doctor/facts/memlock", Fixture, NULL, set_up, test_memlock, tear_down);
  g_test_add ("/doctor/facts/iommufd", Fixture, NULL, set_up, test_iommufd, tear_down);
  g_test_add ("/doctor/facts/guests", Fixture, NULL, set_up, test_guests, tear_down);
  g_test_add_func ("/doctor/facts/guest-memory", test_guest_memory);
  return g_test_run ();
}
