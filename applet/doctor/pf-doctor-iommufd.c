/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-doctor-checks.h"

/**
 * pf_doctor_check_iommufd:
 *
 * A program that uses iommufd opens /dev/iommu besides the nodes of what is lent. The kernel makes it root's
 * (0660; drivers/iommu/iommufd/main.c), and systemd's rules for udev say nothing of it. Who may open it is
 * the administrator's choice: Portferry does not change it.
 */
void
pf_doctor_check_iommufd (GPtrArray *findings, const PfDoctorFacts *facts)
{
  if (!facts->has_device_nodes)
    return;
  if (facts->may_open_iommu)
    {
      pf_doctor_add (findings, PF_DOCTOR_OK, "iommufd", g_strdup (_ ("You may open /dev/iommu.")),
                     _ ("A virtual machine that you start yourself can take what is lent by iommufd too."),
                     NULL);
      return;
    }
  pf_doctor_add (
      findings, PF_DOCTOR_HINT, "iommufd", g_strdup (_ ("You may not open /dev/iommu.")),
      _ ("A virtual machine that you start yourself with iommufd (QEMU: “-object iommufd”) cannot take what "
         "is "
         "lent. Those without iommufd, and those of libvirt's system service, are not concerned."),
      _ ("Leave iommufd out of QEMU's options, or let an administrator put the line “KERNEL==\"iommu\", "
         "SUBSYSTEM==\"misc\", GROUP=\"kvm\", MODE=\"0660\"” into /etc/udev/rules.d/90-iommufd.rules, join "
         "the "
         "group kvm, and restart the computer."));
}
