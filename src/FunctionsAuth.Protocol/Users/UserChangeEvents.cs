using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;

namespace FunctionsAuth.Protocol.Users;

/// <summary>The events for a change that an operator made to a whole user record.</summary>
internal static class UserChangeEvents
{
    public static async Task NoteChangesAsync(this SecurityEvents events, User before, User after)
    {
        if (before.PasswordHash != after.PasswordHash)
            await events.PasswordChangedAsync(after.Subject, AuditActor.Operator);
        if (before.Username != after.Username)
            await events.UsernameChangedAsync(after.Subject, AuditActor.Operator);
        if (before.Claims.Concat(after.Claims).Select(claim => claim.Key).Distinct()
            .Where(name => !JsonNode.DeepEquals(before.Claims[name], after.Claims[name])).ToList() is { Count: > 0 } claims)
            await events.ProfileChangedAsync(after.Subject, AuditActor.Operator, claims);
        if (!before.Groups.SequenceEqual(after.Groups))
            await events.GroupsChangedAsync(after.Subject, AuditActor.Operator, before.Groups, after.Groups);
        if (!before.Disabled && after.Disabled)
            await events.AccountDisabledAsync(after.Subject, AuditActor.Operator);
        else if (before.Disabled && !after.Disabled)
            await events.AccountEnabledAsync(after.Subject, AuditActor.Operator);
    }
}
