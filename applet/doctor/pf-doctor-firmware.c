/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "pf-doctor-checks.h"
#include "pf-doctor-lender.h"
#include "pf-iommu.h"

#define AMD "AuthenticAMD"
#define HYGON "HygonGenuine"

static gboolean
has_amd_cpu (const PfDoctorFacts *facts)
{
  return g_strcmp0 (facts->cpu, AMD) == 0 || g_strcmp0 (facts->cpu, HYGON) == 0;
}

static gboolean
has_router (const PfDoctorFacts *facts)
{
  for (guint i = 0; i < facts->controllers->len; i++)
    if (((PfDoctorController *) g_ptr_array_index (facts->controllers, i))->is_router)
      return TRUE;
  return FALSE;
}

static void
judge (const PfDoctorFacts *facts, PfIommuVerdict *verdict)
{
  const PfIommuFacts iommu = {
    .cpu_vendor = pf_cpu_vendor_from_id (facts->cpu),
    .table = !facts->has_acpi && !facts->has_iommu_table ? PF_IOMMU_TABLE_UNKNOWN
             : facts->has_iommu_table                    ? PF_IOMMU_TABLE_PRESENT
                                                         : PF_IOMMU_TABLE_ABSENT,
    .has_driver = facts->n_iommus > 0,
    .has_groups = facts->n_groups > 0,
    .parameters = facts->cmdline,
  };

  pf_iommu_judge (&iommu, verdict);
}

/* Returns: (transfer full): the advice in the user's language */
static char *
describe_advice (const PfIommuVerdict *verdict)
{
  g_autoptr (GString) advice = g_string_new (NULL);

  for (guint i = 0; verdict->advice[i] != NULL; i++)
    g_string_append_printf (advice, "%s%s", i > 0 ? " " : "", _ (verdict->advice[i]));
  return pf_iommu_fill (advice->str, verdict->parameter);
}

static void
add_iommu_on (GPtrArray *findings, const PfDoctorFacts *facts)
{
  pf_doctor_add (findings, PF_DOCTOR_OK, "iommu",
                 g_strdup_printf (ngettext ("The IOMMU is on, with %u group.",
                                            "The IOMMU is on, with %u groups.", facts->n_groups),
                                  facts->n_groups),
                 facts->vfio == PF_DOCTOR_VFIO_MISSING
                     ? _ ("It keeps a guest in its own memory. To lend, the driver vfio-pci is needed, too.")
                     : _ ("It keeps a guest in its own memory, so that it can be lent controllers."),
                 NULL);
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
  g_auto (PfIommuVerdict) verdict = { 0 };
  g_autofree char *advice = NULL;

  judge (facts, &verdict);
  if (verdict.state == PF_IOMMU_ON)
    {
      add_iommu_on (findings, facts);
      return;
    }
  advice = describe_advice (&verdict);
  pf_doctor_add (findings, PF_DOCTOR_PROBLEM, "iommu", pf_iommu_fill (_ (verdict.what), verdict.parameter),
                 has_router (facts) ? _ (
                     "Without it no controller can be lent. Ports can still be moved between controllers of "
                     "the host.")
                                    : _ ("Without it no controller can be lent."),
                 advice);
}

/* What is known of parameters that are there without need or with consequences. */
static void
check_parameter (GPtrArray *findings, const PfDoctorFacts *facts, const char *parameter)
{
  gboolean lends = g_str_has_prefix (parameter, "vfio-pci.ids=") || g_str_has_prefix (parameter, "vfio_pci.ids=");

  /* Where they lend a controller, pf_doctor_check_lenders() says so. */
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
  else if (pf_iommu_parameters_have (parameter, "intel_iommu", "on") && has_amd_cpu (facts))
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
  g_auto (GStrv) parameters = g_strsplit_set (facts->cmdline != NULL ? facts->cmdline : "", " \t\n", -1);
  g_auto (PfIommuVerdict) verdict = { 0 };
  guint before = findings->len;

  for (guint i = 0; parameters[i] != NULL; i++)
    check_parameter (findings, facts, parameters[i]);
  judge (facts, &verdict);
  if (findings->len == before && facts->cmdline != NULL && verdict.state == PF_IOMMU_ON)
    pf_doctor_add (findings, PF_DOCTOR_OK, "parameters",
                   g_strdup (pf_iommu_parameters_have (facts->cmdline, "intel_iommu", "on")
                                 ? _ ("The kernel was started with intel_iommu=on.")
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
  if (facts->lockdown == NULL || g_str_equal (facts->lockdown, "none"))
    return;
  if (!has_router (facts))
    {
      pf_doctor_add (findings, PF_DOCTOR_OK, "lockdown",
                     g_strdup_printf (_ ("Kernel lockdown is on (%s)."), facts->lockdown),
                     _ ("It forbids moving single ports, which this machine cannot do anyway."), NULL);
      return;
    }
  pf_doctor_add (
      findings, PF_DOCTOR_WARNING, "lockdown",
      g_strdup_printf (_ ("Kernel lockdown is on (%s)."), facts->lockdown),
      _ ("The kernel refuses to write the routing register, so single ports cannot be moved."),
      _ ("Lockdown comes with Secure Boot. To move single ports, turn Secure Boot off in the firmware's "
         "setup, or take lockdown= off the kernel's command line."));
}
