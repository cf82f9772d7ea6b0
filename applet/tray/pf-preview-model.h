/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfPreviewObjection:
 * @title: what it is about, in a few words of the reader's language
 * @message: the facts, as the helper says them
 * @hard: nobody can go on in spite of it
 */
typedef struct
{
  char *title;
  char *message;
  gboolean hard;
} PfPreviewObjection;

/**
 * PfPreviewModel:
 * @title: what is going to happen
 * @goes: (element-type utf8): what goes to the virtual machine
 * @comes: (element-type utf8): what comes home
 * @stays: (element-type utf8): what stays with the host
 * @objections: (element-type PfPreviewObjection): what speaks against it
 * @notes: (element-type utf8): what is good to know, and speaks against nothing
 * @deed: (nullable): the words on the button, with a mnemonic; NULL where it cannot be done
 * @unmount: (array zero-terminated=1): partitions to unmount first
 * @override: (array zero-terminated=1): codes of the other objections, each once
 *
 * What a person should know before a switch, as a plain value.
 */
typedef struct
{
  char *title;
  GPtrArray *goes;
  GPtrArray *comes;
  GPtrArray *stays;
  GPtrArray *objections;
  GPtrArray *notes;
  char *deed;
  char **unmount;
  char **override;
} PfPreviewModel;

PfPreviewModel *
pf_preview_model_new (const char *label, GVariant *rows, GVariant *objections, GPtrArray *devices);
void pf_preview_model_free (PfPreviewModel *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPreviewModel, pf_preview_model_free)

G_END_DECLS
