/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every change that a switch asks the kernel for fails once, in every way, at every place: the switch ends in
 * the profile or exactly where it began. */

#include <string.h>

#include "pf-error.h"
#include "pf-test-kernel.h"

/* A switch: from what is lent to what shall be. */
typedef struct
{
  const char *name;
  const char *board;
  const char *from_controllers;
  const char *from_ports;
  const char *controllers;
  const char *ports;
} Switch;

#define BOTH "0000:00:1a.0 0000:00:1d.0"
#define SHARED "0000:21:00.3"

static const Switch switches[] = {
  { "lend-and-route", "z97", "", "", "0000:00:1a.0", "ehci2" },
  { "lend-router", "z97", "", "", "0000:00:14.0", "ehci1/1" },
  { "toggle", "z97", BOTH, "", BOTH, "all" },
  { "home", "z97", BOTH, "all", "", "" },
  { "change", "z97", "0000:00:1a.0", "ehci2", "0000:00:1d.0", "ehci1" },
  { "lend-shared", "amd-shared", "", "", SHARED, "" },
  { "return-shared", "amd-shared", SHARED, "", "", "" },
};

static const char *const effects[] = { "EIO", "EBUSY", "ENODEV", "EPERM", "EINVAL", "ignored", "short" };

static PfTestKernel *
prepare (const Switch *switch_)
{
  PfTestKernel *kernel = pf_test_kernel_new (switch_->board);
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, switch_->from_controllers, switch_->from_ports);

  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_no_error (kernel->error);
  pf_test_kernel_tell (kernel, "clear-log");
  return kernel;
}

/* How the machine is after the switch, and how many changes that takes. */
static char *
try_without_fault (const Switch *switch_, guint *writes)
{
  g_autoptr (PfTestKernel) kernel = prepare (switch_);
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, switch_->controllers, switch_->ports);

  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_no_error (kernel->error);
  *writes = pf_test_kernel_count_writes (kernel);
  g_assert_cmpuint (*writes, >, 0);
  return pf_test_kernel_describe (kernel);
}

/* The same groups are on record, and would go home to the same, in whatever order. */
static void
assert_same_loans (const PfLoans *a, const PfLoans *b)
{
  g_assert_cmpuint (a->loans->len, ==, b->loans->len);
  for (guint i = 0; i < a->loans->len; i++)
    {
      const PfLoan *x = a->loans->pdata[i], *y = pf_loans_find (b, x->group);

      g_assert_nonnull (y);
      g_assert_cmpmem (&x->node, sizeof x->node, &y->node, sizeof y->node);
      g_assert_cmpuint (x->members->len, ==, y->members->len);
      for (guint j = 0; j < x->members->len; j++)
        {
          const PfLoanMember *m = x->members->pdata[j], *n = pf_loan_find_member (y, m->address);

          g_assert_cmpstr (m->driver, ==, n->driver);
          g_assert_cmpstr (m->driver_override, ==, n->driver_override);
        }
    }
}

/* The record speaks of what is lent, and of nothing else, whatever has happened. */
static void
assert_record_fits (PfTestKernel *kernel)
{
  g_autoptr (PfBoard) board = pf_test_kernel_scan (kernel);

  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = board->controllers->pdata[i];

      g_assert_cmpint (pf_function_is_lent (controller->function), ==,
                       pf_loans_find_by_member (kernel->loans, controller->function->address) != NULL);
    }
}

typedef struct
{
  const Switch *switch_;
  PfTestKernel *kernel;
  char *home;
  char *before;
  PfLoans *loans;
  char *after;
  guint writes;
} Trial;

static void
set_up (Trial *trial, gconstpointer data)
{
  g_autoptr (PfTestKernel) booted = NULL;

  trial->switch_ = data;
  booted = pf_test_kernel_new (trial->switch_->board);
  trial->home = pf_test_kernel_describe (booted);
  trial->after = try_without_fault (trial->switch_, &trial->writes);
  trial->kernel = prepare (trial->switch_);
  trial->before = pf_test_kernel_describe (trial->kernel);
  trial->loans = pf_loans_copy (trial->kernel->loans);
}

static void
start_afresh (Trial *trial)
{
  pf_test_kernel_free (trial->kernel);
  trial->kernel = prepare (trial->switch_);
}

static void
tear_down (Trial *trial, gconstpointer data)
{
  pf_test_kernel_free (trial->kernel);
  g_free (trial->home);
  g_free (trial->before);
  pf_loans_free (trial->loans);
  g_free (trial->after);
}

static void
run_with (Trial *trial, const char *fault)
{
  g_autoptr (PfPlan) plan
      = pf_test_kernel_plan (trial->kernel, trial->switch_->controllers, trial->switch_->ports);

  pf_test_kernel_tell (trial->kernel, fault);
  pf_test_kernel_run (trial->kernel, plan, FALSE);
  pf_test_kernel_tell (trial->kernel, "unblock");
  if (trial->kernel->error != NULL)
    g_test_message ("%s", trial->kernel->error->message);
}

/* One fault: all or nothing, and it is known which. */
static gboolean
assert_all_or_nothing (Trial *trial)
{
  PfTestKernel *kernel = trial->kernel;
  g_autofree char *is = pf_test_kernel_describe (kernel);

  if (kernel->done)
    g_assert_cmpstr (is, ==, trial->after);
  else
    {
      g_assert_cmpint (kernel->error->domain, ==, PF_ERROR);
      g_assert_cmpuint (strlen (kernel->error->message), >, 20);
      g_assert_true (kernel->restored);
      g_assert_cmpstr (is, ==, trial->before);
      assert_same_loans (trial->loans, kernel->loans);
    }
  assert_record_fits (kernel);
  return kernel->done;
}

static void
test_one_fault (Trial *trial, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (effects); i++)
    for (guint at = 0; at < trial->writes; at++)
      {
        g_autofree char *fault = g_strdup_printf ("fail * %s 1 %u", effects[i], at);

        run_with (trial, fault);
        if (assert_all_or_nothing (trial))
          start_afresh (trial);
      }
}

/* A process that writes is killed, before the kernel has done it or after. */
static void
test_killed_child (Trial *trial, gconstpointer data)
{
  static const char *const when[] = { "before", "after" };

  for (guint i = 0; i < G_N_ELEMENTS (when); i++)
    for (guint at = 0; at < trial->writes; at++)
      {
        /* Ownership of nodes is not given by a child, and the helper shall live. */
        g_autofree char *fault = g_strdup_printf ("kill sys/* %s %u", when[i], at);

        run_with (trial, fault);
        if (assert_all_or_nothing (trial))
          start_afresh (trial);
      }
}

/* Faults that last: the way back may be blocked as well. Then that is said, nothing is said to be restored
 * that is not, and what is on record leads home as soon as the kernel works again. */
static void
assert_honest (Trial *trial)
{
  PfTestKernel *kernel = trial->kernel;
  g_autofree char *is = pf_test_kernel_describe (kernel);
  g_autoptr (PfPlan) home = NULL;
  g_autofree char *end = NULL;
  g_autoptr (PfBoard) board = NULL;

  if (kernel->done)
    g_assert_cmpstr (is, ==, trial->after);
  else if (kernel->restored)
    g_assert_cmpstr (is, ==, trial->before);
  home = pf_test_kernel_plan (kernel, "", "");
  pf_test_kernel_run (kernel, home, FALSE);
  g_assert_no_error (kernel->error);
  end = pf_test_kernel_describe (kernel);
  g_assert_cmpstr (end, ==, trial->home);
  board = pf_test_kernel_scan (kernel);
  pf_loans_drop_home (board->loans, board);
  g_assert_cmpuint (board->loans->loans->len, ==, 0);
}

static void
test_lasting_fault (Trial *trial, gconstpointer data)
{
  static const char *const counts[] = { "2", "3", "0" };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    for (guint at = 0; at < trial->writes; at++)
      {
        g_autofree char *fault = g_strdup_printf ("fail * EIO %s %u", counts[i], at);

        run_with (trial, fault);
        assert_honest (trial);
        start_afresh (trial);
      }
}

/* Where nothing can be put on record, nothing is begun; what is done already is taken back all the same. */
static void
test_full_disk (Trial *trial, gconstpointer data)
{
  g_autoptr (PfPlan) plan
      = pf_test_kernel_plan (trial->kernel, trial->switch_->controllers, trial->switch_->ports);

  for (int at = 0; at < (int) plan->steps->len * 2; at++)
    {
      PfTestKernel *kernel = trial->kernel;
      g_autofree char *is = NULL;

      kernel->refuse_record = at;
      pf_test_kernel_run (kernel, plan, FALSE);
      is = pf_test_kernel_describe (kernel);
      if (kernel->done)
        g_assert_cmpstr (is, ==, trial->after);
      else
        {
          g_assert_error (kernel->error, PF_ERROR, PF_ERROR_WRITE_FAILED);
          g_assert_true (kernel->restored);
          g_assert_cmpstr (is, ==, trial->before);
        }
      start_afresh (trial);
    }
}

static void
add (const char *name, const Switch *switch_, void (*test) (Trial *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/executor/%s/%s", switch_->name, name);

  g_test_add (path, Trial, switch_, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      add ("one-fault", &switches[i], test_one_fault);
      add ("killed-child", &switches[i], test_killed_child);
      add ("lasting-fault", &switches[i], test_lasting_fault);
      add ("full-disk", &switches[i], test_full_disk);
    }
  return g_test_run ();
}
