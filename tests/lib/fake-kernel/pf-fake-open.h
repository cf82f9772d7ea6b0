/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-kernel.h"

G_BEGIN_DECLS

/* A [node NAME]: a device node that a driver makes. */
typedef struct
{
  char *name;
  char *on;
  char *class;
  char *number;
  char *path;
} PfFakeNodeSpec;

/* An [open NAME]: a process that has a device node open. */
typedef struct
{
  char *name;
  char *node;
  char *vm;
  int pid;
  gboolean write;
} PfFakeOpenSpec;

gboolean pf_fake_open_read_node (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);
gboolean pf_fake_open_read_open (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);
void pf_fake_open_free_node (gpointer node);
void pf_fake_open_free_open (gpointer open);

void pf_fake_open_attach (PfFakeKernel *kernel, const char *on, PfFakeNode *device);
void pf_fake_open_detach (PfFakeKernel *kernel, const char *on, PfFakeNode *device);
void pf_fake_open_attach_graphics (PfFakeKernel *kernel, const char *card, PfFakeNode *node);
void pf_fake_open_boot (PfFakeKernel *kernel);
int pf_fake_open_open (PfFakeKernel *kernel,
                       const char *node,
                       const char *pid,
                       const char *command,
                       gboolean write,
                       const char *vm);

G_END_DECLS
