/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "pf-doctor-checks.h"
#include "pf-doctor-lender.h"

#define INTEL "GenuineIntel"
#define AMD "AuthenticAMD"

/* Returns: (transfer full) (array zero-terminated=1): the parameters of the kernel's command line */
static char **
split_parameters (const PfDoctorFacts *facts)
{
  return g_strsplit_set (facts->cmdline != NULL ? facts->cmdline : "", " \t\n", -1);
}

/* Whether @parameter is "NAME=…" with @value among what is listed, separated by commas. */
static gboolean
has_value (const char *parameter, const char *name, const char *value)
{
  gsize length = strlen (name);
  g_auto (GStrv) values = NULL;

  if (strncmp (parameter, name, length) != 0 || parameter[length] != '=')
    return FALSE;
  values = g_strsplit (parameter + length + 1, ",", -1);
  return g_strv_contains ((const char *const *) values, value);
}

/* Returns: (transfer full) (nullable): the parameter that turns the IOMMU off. Those of Linux 6.12,
 * Documentation/admin-guide/kernel-parameters.txt; "soft" is AMD's way to say off. */
static char *
find_off_switch (const PfDoctorFacts *facts)
{
  g_auto (GStrv) parameters = split_parameters (facts);

  for (guint i = 0; parameters[i] != NULL; i++)
    if (has_value (parameters[i], "iommu", "off") || has_value (parameters[i], "intel_iommu", "off")
        || has_value (parameters[i], "amd_iommu", "off") || has_value (parameters[i], "iommu", "soft"))
      return g_strdup (parameters[i]);
  return NULL;
}

static gboolean
has_intel_on (const PfDoctorFacts *facts)
{
  g_auto (GStrv) parameters = split_parameters (facts);

  for (guint i = 0; parameters[i] != NULL; i++)
    if (has_value (parameters[i], "intel_iommu", "on"))
      return TRUE;
  return FALSE;
}

/* How firmwares call it. */
static const char *
get_firmware_advice (const PfDoctorFacts *facts)
{
  if (g_strcmp0 (facts->cpu, AMD) == 0)
    return _ (
        "In the firmware's setup, set “IOMMU” (on some boards “AMD-Vi”; often under “AMD CBS”, “NBIO”) to "
        "Enabled, not Auto, and “SVM Mode” to Enabled. Then restart the computer.");
  return _ (
      "In the firmware's setup, set “VT-d” (also “Intel Virtualization Technology for Directed I/O”; often "
      "under “Chipset” or “System Agent”) to Enabled. Where there is no such setting, the CPU or the board "
      "cannot do it. Then restart the computer.");
}

static const char *
get_kernel_advice (const PfDoctorFacts *facts)
{
  if (g_strcmp0 (facts->cpu, INTEL) == 0 && !has_intel_on (facts))
    return _ ("Add intel_iommu=on to the kernel's command line: in Debian to GRUB_CMDLINE_LINUX_DEFAULT in "
              "/etc/default/grub, then run update-grub and restart the computer.");
  return _ (
      "“journalctl -k --grep 'DMAR|AMD-Vi|IOMMU'” says what the kernel thinks of it. A firmware update often "
      "helps.");
}

/**
 * pf_doctor_check_iommu:
 *
 * Whether the IOMMU is on, and if it is not, whose doing that is: the firmware's, a parameter's or the
 * kernel's.
 */
void
pf_doctor_check_iommu (GPtrArray *findings, const PfDoctorFacts *facts)
{
  g_autofree char *off = find_off_switch (facts);
  const char *meaning
      = _ ("Without it no controller can be lent. Ports can still be moved between controllers of "
           "the host.");
  g_autofree char *advice = NULL;

  if (facts->n_groups > 0)
    {
      pf_doctor_add (findings, PF_DOCTOR_OK, "iommu",
                     g_strdup_printf (ngettext ("The IOMMU is on, with %u group.",
                                                "The IOMMU is on, with %u groups.", facts->n_groups),
                                      facts->n_groups),
                     _ ("Controllers can be lent to a virtual machine."), NULL);
      return;
    }
  if (off != NULL)
    {
      advice = g_strdup_printf (
          _ ("Take %s off the kernel's command line, in Debian in /etc/default/grub, then run "
             "update-grub and restart the computer."),
          off);
      pf_doctor_add (findings, PF_DOCTOR_PROBLEM, "iommu",
                     g_strdup_printf (_ ("The IOMMU is off: the kernel's parameter %s turns it off."), off),
                     meaning, advice);
      return;
    }
  if (facts->has_acpi && !facts->has_iommu_table)
    {
      pf_doctor_add (findings, PF_DOCTOR_PROBLEM, "iommu",
                     g_strdup (_ ("The firmware does not offer an IOMMU.")), meaning,
                     get_firmware_advice (facts));
      return;
    }
  pf_doctor_add (findings, PF_DOCTOR_PROBLEM, "iommu",
                 g_strdup (facts->has_iommu_table
                               ? _ ("The firmware offers an IOMMU, and the kernel does not use it.")
                               : _ ("The IOMMU is off.")),
                 meaning, get_kernel_advice (facts));
}

/* What is known of parameters that are there without need or with consequences. */
static void
check_parameter (GPtrArray *findings, const PfDoctorFacts *facts, const char *parameter)
{
  gboolean lends = g_str_has_prefix (parameter, "vfio-pci.ids=") || g_str_has_prefix (parameter, "vfio_pci.ids=");

  /* Of those that lend a controller here pf_doctor_check_lenders() speaks. */
  if (lends && pf_doctor_facts_have_lender (facts, "command-line"))
    return;
  if (lends)
    pf_doctor_add (
        findings, PF_DOCTOR_HINT, "parameters",
        g_strdup_printf (_ ("The kernel was started with %s."), parameter),
        _ ("Devices with these IDs belong to the guest from the start, all twins included. Portferry "
           "shows them as lent by others and does not bring them home."),
        _ ("Where Portferry is to lend them, take the parameter off the kernel's command line."));
  else if (g_str_has_prefix (parameter, "pcie_acs_override="))
    pf_doctor_add (
        findings, PF_DOCTOR_WARNING, "parameters",
        g_strdup_printf (_ ("The kernel was started with %s."), parameter),
        _ ("The groups that it shows are smaller than those that the hardware keeps apart: a guest can "
           "reach more than it was lent."),
        _ ("Use it only with guests that are trusted like the host."));
  else if (has_value (parameter, "intel_iommu", "on") && g_strcmp0 (facts->cpu, AMD) == 0)
    pf_doctor_add (findings, PF_DOCTOR_HINT, "parameters",
                   g_strdup_printf (_ ("The kernel was started with %s, and the CPU is not Intel's."),
                                    parameter),
                   _ ("The parameter does nothing."), _ ("It can be taken off the kernel's command line."));
}

/**
 * pf_doctor_check_parameters:
 *
 * What the kernel's command line has to do with lending, but for turning the IOMMU on and off.
 */
void
pf_doctor_check_parameters (GPtrArray *findings, const PfDoctorFacts *facts)
{
  g_auto (GStrv) parameters = split_parameters (facts);
  guint before = findings->len;

  for (guint i = 0; parameters[i] != NULL; i++)
    check_parameter (findings, facts, parameters[i]);
  if (findings->len == before && facts->cmdline != NULL)
    pf_doctor_add (findings, PF_DOCTOR_OK, "parameters",
                   g_strdup (has_intel_on (facts) ? _ ("The kernel was started with intel_iommu=on.")
                                                  : _ ("No kernel parameter stands in the way.")),
                   _ ("The kernel's command line is as it should be."), NULL);
}

/**
 * pf_doctor_check_vfio:
 *
 * Whether the driver is there that holds what is lent.
 */
void
pf_doctor_check_vfio (GPtrArray *findings, const PfDoctorFacts *facts)
{
  static const char *const words[] = {
    [PF_DOCTOR_VFIO_READY] = N_ ("The driver vfio-pci is there."),
    [PF_DOCTOR_VFIO_BUILTIN] = N_ ("The driver vfio-pci is part of the kernel."),
    [PF_DOCTOR_VFIO_MODULE] = N_ ("The kernel has the driver vfio-pci as a module."),
    [PF_DOCTOR_VFIO_MISSING] = N_ ("The running kernel has no driver vfio-pci."),
  };
  g_autofree char *advice = NULL;

  if (facts->vfio != PF_DOCTOR_VFIO_MISSING)
    {
      pf_doctor_add (findings, PF_DOCTOR_OK, "vfio", g_strdup (_ (words[facts->vfio])),
                     facts->vfio == PF_DOCTOR_VFIO_MODULE ? _ ("It is loaded when something is lent.")
                                                          : _ ("It holds what is lent."),
                     NULL);
      return;
    }
  advice = g_strdup_printf (
      _ ("Install the modules that belong to this kernel (%s), or, after a kernel upgrade, "
         "restart the computer."),
      facts->release != NULL ? facts->release : "?");
  pf_doctor_add (findings, PF_DOCTOR_PROBLEM, "vfio", g_strdup (_ (words[facts->vfio])),
                 _ ("No controller can be lent."), advice);
}

/**
 * pf_doctor_check_lockdown:
 *
 * Kernel lockdown refuses writes to config space, where the routing register is.
 */
void
pf_doctor_check_lockdown (GPtrArray *findings, const PfDoctorFacts *facts)
{
  gboolean has_router = FALSE;

  if (facts->lockdown == NULL || g_str_equal (facts->lockdown, "none"))
    return;
  for (guint i = 0; i < facts->controllers->len; i++)
    has_router |= ((PfDoctorController *) g_ptr_array_index (facts->controllers, i))->is_router;
  if (!has_router)
    {
      pf_doctor_add (
          findings, PF_DOCTOR_OK, "lockdown",
          g_strdup_printf (_ ("Kernel lockdown is on (%s)."), facts->lockdown),
          _ ("It forbids moving single ports, which this machine cannot do anyway. Whole controllers can "
             "be lent."),
          NULL);
      return;
    }
  pf_doctor_add (
      findings, PF_DOCTOR_WARNING, "lockdown",
      g_strdup_printf (_ ("Kernel lockdown is on (%s)."), facts->lockdown),
      _ ("The kernel refuses to write the routing register, so single ports cannot be moved. Whole "
         "controllers can be lent."),
      _ ("Lockdown comes with Secure Boot. To move single ports, turn Secure Boot off in the firmware's "
         "setup, or take lockdown= off the kernel's command line."));
}
