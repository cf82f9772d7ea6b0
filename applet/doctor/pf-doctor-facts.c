/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-doctor-facts.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "pf-board.h"
#include "pf-doctor-file.h"
#include "pf-doctor-guests.h"

static void
free_controller (gpointer data)
{
  PfDoctorController *controller = data;

  g_free (controller->address);
  g_clear_pointer (&controller->ports, g_variant_unref);
  g_free (controller);
}

/**
 * pf_doctor_facts_new:
 *
 * Returns: (transfer full): facts of which nothing is known yet
 */
PfDoctorFacts *
pf_doctor_facts_new (void)
{
  PfDoctorFacts *facts = g_new0 (PfDoctorFacts, 1);

  facts->controllers = g_ptr_array_new_with_free_func (free_controller);
  return facts;
}

PfDoctorController *
pf_doctor_facts_add_controller (
    PfDoctorFacts *facts, const char *address, guint16 vendor, guint16 device, guint32 class_code)
{
  PfDoctorController *controller = g_new0 (PfDoctorController, 1);

  controller->address = g_strdup (address);
  controller->vendor = vendor;
  controller->device = device;
  controller->class_code = class_code;
  g_ptr_array_add (facts->controllers, controller);
  return controller;
}

/**
 * pf_doctor_facts_find_controller:
 *
 * Returns: (transfer none) (nullable): the controller at @address
 */
PfDoctorController *
pf_doctor_facts_find_controller (const PfDoctorFacts *facts, const char *address)
{
  for (guint i = 0; i < facts->controllers->len; i++)
    {
      PfDoctorController *controller = g_ptr_array_index (facts->controllers, i);

      if (g_strcmp0 (controller->address, address) == 0)
        return controller;
    }
  return NULL;
}

/**
 * pf_doctor_facts_is_of_desktop:
 * @name: for example "GNOME"
 *
 * Returns: whether the desktop is @name, or calls itself one of its kind ("ubuntu:GNOME")
 */
gboolean
pf_doctor_facts_is_of_desktop (const PfDoctorFacts *facts, const char *name)
{
  g_auto (GStrv) names = g_strsplit (facts->desktop != NULL ? facts->desktop : "", ":", -1);

  return g_strv_contains ((const char *const *) names, name);
}

/* --- Reading --- */

/* Returns: (transfer full) (nullable): what stands behind "KEY :" in the first line of @text that has it */
static char *
find_value (const char *text, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *colon = strchr (lines[i], ':');

      if (g_str_has_prefix (lines[i], key) && colon != NULL)
        return g_strstrip (g_strdup (colon + 1));
    }
  return NULL;
}

/* "none [integrity] confidentiality" */
static char *
parse_lockdown (const char *text)
{
  const char *start = text != NULL ? strchr (text, '[') : NULL;
  const char *end = start != NULL ? strchr (start, ']') : NULL;

  return end != NULL ? g_strndup (start + 1, end - start - 1) : NULL;
}

/* depmod and the kernel's build write the names of modules with "-" or "_", as their authors did. */
static gboolean
lists_module (const char *root, const char *release, const char *list)
{
  g_autofree char *path = g_strdup_printf ("lib/modules/%s/%s", release, list);
  g_autofree char *text = pf_doctor_file_read_all (root, path);

  return text != NULL && (strstr (text, "/vfio-pci.ko") != NULL || strstr (text, "/vfio_pci.ko") != NULL);
}

static PfDoctorVfio
read_vfio (const char *root, const char *release)
{
  if (pf_doctor_file_exists (root, "sys/bus/pci/drivers/vfio-pci"))
    return PF_DOCTOR_VFIO_READY;
  if (release != NULL && lists_module (root, release, "modules.builtin"))
    return PF_DOCTOR_VFIO_BUILTIN;
  if (release != NULL && lists_module (root, release, "modules.dep"))
    return PF_DOCTOR_VFIO_MODULE;
  return PF_DOCTOR_VFIO_MISSING;
}

static void
read_controllers (PfDoctorFacts *facts, const char *root)
{
  g_auto (GStrv) names = pf_doctor_file_list (root, "sys/bus/pci/devices");

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *folder = g_strdup_printf ("sys/bus/pci/devices/%s", names[i]);
      guint class_code = pf_doctor_file_read_hex (root, folder, "class");

      if (pf_class_is_usb_controller (class_code))
        pf_doctor_facts_add_controller (facts, names[i], pf_doctor_file_read_hex (root, folder, "vendor"),
                                        pf_doctor_file_read_hex (root, folder, "device"), class_code);
    }
}

static void
read_user (PfDoctorFacts *facts, const char *root)
{
  g_autofree char *meminfo = pf_doctor_file_read (root, "proc/meminfo");
  g_autofree char *total = find_value (meminfo, "MemTotal");
  struct rlimit limit;

  facts->memory = total != NULL ? g_ascii_strtoull (total, NULL, 10) * 1024 : 0;
  facts->memlock = G_MAXUINT64;
  if (getrlimit (RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    facts->memlock = limit.rlim_cur;
}

static void
read_iommufd (PfDoctorFacts *facts, const char *root)
{
  g_auto (GStrv) nodes = pf_doctor_file_list (root, "dev/vfio/devices");
  g_autofree char *path = g_build_filename (root, "dev/iommu", NULL);

  facts->has_device_nodes = nodes[0] != NULL && pf_doctor_file_exists (root, "dev/iommu");
  facts->may_open_iommu = access (path, R_OK | W_OK) == 0;
}

static guint
count (const char *root, const char *folder)
{
  g_auto (GStrv) names = pf_doctor_file_list (root, folder);

  return g_strv_length (names);
}

/**
 * pf_doctor_facts_read:
 * @root: below which /sys, /proc and /lib/modules are; "/" but for tests
 *
 * Reads what can be read as an ordinary user. What only the buses know is not in it.
 *
 * Returns: (transfer full): the facts
 */
PfDoctorFacts *
pf_doctor_facts_read (const char *root)
{
  PfDoctorFacts *facts = pf_doctor_facts_new ();
  g_autofree char *cpuinfo = pf_doctor_file_read (root, "proc/cpuinfo");
  g_autofree char *lockdown = pf_doctor_file_read (root, "sys/kernel/security/lockdown");

  facts->cpu = find_value (cpuinfo, "vendor_id");
  facts->cmdline = pf_doctor_file_read (root, "proc/cmdline");
  facts->release = pf_doctor_file_read (root, "proc/sys/kernel/osrelease");
  /* The tables themselves are root's; that they are there everybody may see. */
  facts->has_acpi = count (root, "sys/firmware/acpi/tables") > 0;
  facts->has_iommu_table = pf_doctor_file_exists (root, "sys/firmware/acpi/tables/DMAR")
                           || pf_doctor_file_exists (root, "sys/firmware/acpi/tables/IVRS");
  facts->n_iommus = count (root, "sys/class/iommu");
  facts->n_groups = count (root, "sys/kernel/iommu_groups");
  facts->vfio = read_vfio (root, facts->release);
  facts->lockdown = parse_lockdown (lockdown);
  read_controllers (facts, root);
  read_user (facts, root);
  read_iommufd (facts, root);
  pf_doctor_guests_read (facts, root);
  return facts;
}

void
pf_doctor_facts_free (PfDoctorFacts *facts)
{
  g_free (facts->cpu);
  g_free (facts->cmdline);
  g_free (facts->release);
  g_free (facts->lockdown);
  g_ptr_array_unref (facts->controllers);
  g_clear_pointer (&facts->lenders, g_ptr_array_unref);
  g_clear_pointer (&facts->lending, g_ptr_array_unref);
  g_free (facts->guest_name);
  g_free (facts->helper_message);
  g_free (facts->problem);
  g_free (facts->desktop);
  g_free (facts);
}
