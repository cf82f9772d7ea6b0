/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-profile.h"

G_BEGIN_DECLS

#define PF_VFIO_DRIVER "vfio-pci"
/* In place of a driver's name, as where a step leads to: whichever the kernel finds without an override, but no vfio one,
 * or none. No driver is called that. */
#define PF_NATIVE_DRIVER "*"

typedef enum
{
  PF_STEP_BIND,  /* take the functions of one group to other drivers: lend or return */
  PF_STEP_ROUTE, /* change one setting of a router */
  PF_STEP_NODE   /* give the nodes of a group that is lent already to somebody else */
} PfStepKind;

/**
 * PfBinding:
 * @driver: (nullable): a driver's name, or PF_NATIVE_DRIVER; NULL for none
 * @driver_override: (nullable): NULL for unset
 *
 * How one function is bound.
 */
typedef struct
{
  char *driver;
  char *driver_override;
} PfBinding;

/**
 * PfMove:
 * @address: of the function
 * @from: before the step
 * @to: after it
 *
 * What a step does to one function.
 */
typedef struct
{
  char *address;
  PfBinding from;
  PfBinding to;
} PfMove;

/**
 * PfNodeChange:
 * @address: of the function whose node it is
 * @from: who has it before the step
 * @to: who has it after it
 *
 * What a step does to the node of one function, /dev/vfio/devices/vfioN, where it has one by then.
 */
typedef struct
{
  char *address;
  PfNode from;
  PfNode to;
} PfNodeChange;

/**
 * PfStep:
 * @kind: what it does
 * @lends: for PF_STEP_BIND: TRUE when the group goes to the guest, FALSE when it comes back
 * @of_others: for PF_STEP_BIND: others had lent the group, so it is on no record of what is lent, before and after
 * @group: for PF_STEP_BIND and PF_STEP_NODE: the IOMMU group
 * @moves: (element-type PfMove): for PF_STEP_BIND: its functions
 * @node: for the same: who has the node afterwards, if there is one then
 * @node_before: for the same: who has it now, or would have it
 * @devices: (element-type PfNodeChange): for the same: the nodes of its functions that are there now.
 * Functions that a lending step binds, and that are not in here, get @node for theirs
 * @router: for PF_STEP_ROUTE: the xHCI's address
 * @setting: for PF_STEP_ROUTE: which of its settings
 * @from: for PF_STEP_ROUTE: its value before
 * @to: for PF_STEP_ROUTE: its value after
 * @mask: for PF_STEP_ROUTE: the bits that may change; all others are preserved
 *
 * One step of a plan. pf_step_invert() gives what undoes it.
 */
typedef struct
{
  PfStepKind kind;
  gboolean lends;
  gboolean of_others;
  int group;
  GPtrArray *moves;
  PfNode node;
  PfNode node_before;
  GPtrArray *devices;
  char *router;
  PfRouterSetting setting;
  guint32 from;
  guint32 to;
  guint32 mask;
} PfStep;

/**
 * PfPlan:
 * @profile: id of the profile it leads to
 * @steps: (element-type PfStep): in order
 *
 * Ordered steps, each with its inverse, that take a board to a profile.
 */
typedef struct
{
  char *profile;
  GPtrArray *steps;
} PfPlan;

PfPlan *pf_plan_new (const char *profile);
PfPlan *pf_plan_compute (const PfBoard *board, const PfProfile *profile, const PfNode *node, GError **error);
PfPlan *pf_plan_invert (const PfPlan *plan);
PfPlan *pf_plan_copy (const PfPlan *plan);
void pf_plan_free (PfPlan *plan);
gboolean pf_plan_is_empty (const PfPlan *plan);

PfStep *pf_step_new (PfStepKind kind);
PfStep *pf_step_copy (const PfStep *step);
PfStep *pf_step_invert (const PfStep *step);
void pf_step_free (PfStep *step);
void pf_step_add_device (PfStep *step, const char *address, const PfNode *from, const PfNode *to);
const PfNodeChange *pf_step_find_device (const PfStep *step, const char *address);
void pf_step_add_move (PfStep *step, const char *address, const PfBinding *from, const PfBinding *to);
const char *pf_router_setting_to_string (PfRouterSetting setting);
gboolean pf_router_setting_from_string (const char *name, PfRouterSetting *setting);
char *pf_step_describe (const PfStep *step, const PfBoard *board);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPlan, pf_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfStep, pf_step_free)

G_END_DECLS
