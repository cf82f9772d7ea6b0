/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-lending.h"

G_BEGIN_DECLS

/**
 * PfDoctorVfio:
 * @PF_DOCTOR_VFIO_READY: the driver is there
 * @PF_DOCTOR_VFIO_BUILTIN: it is part of the kernel
 * @PF_DOCTOR_VFIO_MODULE: the running kernel has it as a module, which the helper loads when it is needed
 * @PF_DOCTOR_VFIO_MISSING: it is not there
 */
typedef enum
{
  PF_DOCTOR_VFIO_READY,
  PF_DOCTOR_VFIO_BUILTIN,
  PF_DOCTOR_VFIO_MODULE,
  PF_DOCTOR_VFIO_MISSING,
} PfDoctorVfio;

/**
 * PfDoctorHelper:
 * @PF_DOCTOR_HELPER_READY: it has answered
 * @PF_DOCTOR_HELPER_FORBIDDEN: the system bus does not let us talk to it
 * @PF_DOCTOR_HELPER_FAILED: it is not installed, or cannot be started
 */
typedef enum
{
  PF_DOCTOR_HELPER_READY,
  PF_DOCTOR_HELPER_FORBIDDEN,
  PF_DOCTOR_HELPER_FAILED,
} PfDoctorHelper;

/**
 * PfDoctorPermission:
 * @PF_DOCTOR_PERMISSION_UNKNOWN: polkit has not answered
 * @PF_DOCTOR_PERMISSION_YES: may switch
 * @PF_DOCTOR_PERMISSION_PASSWORD: may switch with a password
 * @PF_DOCTOR_PERMISSION_NO: may not
 */
typedef enum
{
  PF_DOCTOR_PERMISSION_UNKNOWN,
  PF_DOCTOR_PERMISSION_YES,
  PF_DOCTOR_PERMISSION_PASSWORD,
  PF_DOCTOR_PERMISSION_NO,
} PfDoctorPermission;

/**
 * PfDoctorController:
 * @address: PCI address
 * @vendor: PCI vendor ID
 * @device: PCI device ID
 * @class_code: 0x0c0330 for an xHCI, 0x0c0320 for an EHCI ...
 * @is_router: whether the helper can route its ports
 * @writable: for a router: the bits of XUSB2PR that may be changed on this machine
 * @routing: for a router: XUSB2PR
 * @super_speed: for a router: USB3_PSSEN
 * @ports: (nullable): for a router: its ports, as on the bus
 *
 * A USB controller.
 */
typedef struct
{
  char *address;
  guint16 vendor;
  guint16 device;
  guint32 class_code;
  gboolean is_router;
  guint32 writable;
  guint32 routing;
  guint32 super_speed;
  GVariant *ports;
} PfDoctorController;

/**
 * PfDoctorLender:
 * @name: a controller that others have lent, with its address
 * @code: LenderCode on the bus
 * @who: Lender on the bus
 * @advice: GiveBack on the bus
 */
typedef struct
{
  char *name;
  char *code;
  char *who;
  char *advice;
} PfDoctorLender;

/**
 * PfDoctorFacts:
 * @cpu: (nullable): the vendor in /proc/cpuinfo, for example "GenuineIntel"
 * @cmdline: (nullable): the kernel's command line
 * @release: (nullable): the kernel's release
 * @has_acpi: whether the list of the firmware's ACPI tables can be seen
 * @has_iommu_table: whether DMAR (Intel) or IVRS (AMD) is among them
 * @n_iommus: how many IOMMUs the kernel drives
 * @n_groups: how many IOMMU groups there are
 * @vfio: whether the vfio-pci driver is there
 * @lockdown: (nullable): "none", "integrity" or "confidentiality"
 * @controllers: (element-type PfDoctorController): the USB controllers
 * @lenders: (element-type PfDoctorLender) (nullable): what the helper says of controllers that others have lent
 * @lending: (nullable) (element-type PfLendingController): what the helper says of them, where it has
 * answered
 * @memlock: how much memory this user may lock, in bytes; %G_MAXUINT64 for no limit
 * @has_device_nodes: whether what is lent has nodes of its own, which programs with iommufd open
 * @may_open_iommu: whether this user may open /dev/iommu, which they need as well
 * @memory: the memory of this machine, in bytes; 0 where it is not known
 * @guest_memory: the memory of the largest virtual machine that this user runs, in bytes; 0 for none
 * @guest_name: (nullable): what it is called
 * @helper: whether the helper has answered
 * @helper_message: (nullable): why it has not
 * @problem: (nullable): what the helper itself says is wrong
 * @permission: whether this user may switch
 * @has_session: whether there is a session bus, that is a desktop to look at
 * @desktop: (nullable): XDG_CURRENT_DESKTOP
 * @has_tray_host: whether something shows StatusNotifierItems
 * @has_x_tray: whether nothing does, but a tray of the older kind (XEmbed) is there instead
 * @has_notifications: whether something shows notifications, or would be started to
 *
 * What the checks look at.
 */
typedef struct
{
  char *cpu;
  char *cmdline;
  char *release;
  gboolean has_acpi;
  gboolean has_iommu_table;
  guint n_iommus;
  guint n_groups;
  PfDoctorVfio vfio;
  char *lockdown;
  GPtrArray *controllers;
  GPtrArray *lenders;
  GPtrArray *lending;
  guint64 memlock;
  gboolean has_device_nodes;
  gboolean may_open_iommu;
  guint64 memory;
  guint64 guest_memory;
  char *guest_name;
  PfDoctorHelper helper;
  char *helper_message;
  char *problem;
  PfDoctorPermission permission;
  gboolean has_session;
  char *desktop;
  gboolean has_tray_host;
  gboolean has_x_tray;
  gboolean has_notifications;
} PfDoctorFacts;

PfDoctorFacts *pf_doctor_facts_new (void);
PfDoctorFacts *pf_doctor_facts_read (const char *root);
PfDoctorController *pf_doctor_facts_add_controller (
    PfDoctorFacts *facts, const char *address, guint16 vendor, guint16 device, guint32 class_code);
PfDoctorController *pf_doctor_facts_find_controller (const PfDoctorFacts *facts, const char *address);
gboolean pf_doctor_facts_is_of_desktop (const PfDoctorFacts *facts, const char *name);
void pf_doctor_facts_free (PfDoctorFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfDoctorFacts, pf_doctor_facts_free)

G_END_DECLS
