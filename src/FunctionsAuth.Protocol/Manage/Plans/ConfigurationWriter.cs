using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Clients;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Manage.Plans;

/// <summary>
/// Makes the planned changes, each with one conditional write of the record as it was read for the plan, so that changes by others in the meantime
/// are not overwritten. A record is written before the records that refer to it, and deleted after them.
/// </summary>
public sealed class ConfigurationWriter(
    ConfigurationReferences references, IScopeStore scopes, IGroupStore groups, ManagedClients clients, ScopeRegistry registry, SecurityEvents events, TimeProvider clock)
{
    /// <exception cref="ApiProblem">
    /// The caller lacks a right (403), another record refers to one that would be deleted (409), or somebody changed a record in the meantime (412).
    /// Earlier writes are kept, and a second run continues.
    /// </exception>
    public async Task ApplyAsync(Caller caller, ImportFile file, ConfigurationPlan plan, ConfigurationState state, CancellationToken cancellation)
    {
        foreach (var change in plan.Changes.Where(change => change.Section == "clients"))
        {
            if (state.FindClient(change.Name)?.Registration is not null)
                throw ApiProblem.Conflict("self_registered", $"The client {change.Name} registered itself, and a configuration file cannot change such a client");
            ManagedClients.Demand(caller, state.FindClient(change.Name), file.Clients.FirstOrDefault(client => client.ClientId == change.Name));
        }
        await references.CheckAsync(plan, file, state, cancellation);
        try
        {
            foreach (var change in plan.Changes.Where(change => change.Action != "delete"))
                await WithTimeAsync(() => SaveAsync(change, file, state, cancellation));
            foreach (var change in plan.Changes.Reverse().Where(change => change.Action == "delete"))
                await WithTimeAsync(() => DeleteAsync(change, state, cancellation));
        }
        finally
        {
            registry.Forget();
        }
    }

    /// <summary>Each record has the time limit of a request, because a large configuration takes longer.</summary>
    private Task WithTimeAsync(Func<Task> write)
    {
        TimeBudget.Begin(clock);
        return write();
    }

    private Task SaveAsync(PlannedChange change, ImportFile file, ConfigurationState state, CancellationToken cancellation) => change.Section switch
    {
        "scopes" => SaveAsync("scope", change.Name, state.Catalog.FindScope(change.Name), file.Scopes.First(one => one.Name == change.Name), (one, before) => one with { Version = before?.Version ?? "" }, scopes.TrySaveAsync, cancellation),
        "groups" => SaveAsync("group", change.Name, state.FindGroup(change.Name), file.Groups.First(one => one.Name == change.Name), (one, before) => one with { Version = before?.Version ?? "" }, groups.TrySaveAsync, cancellation),
        "resources" => SaveAsync("resource", change.Name, state.Catalog.FindResource(change.Name), file.Resources.First(one => one.Identifier == change.Name), (one, before) => one with { Version = before?.Version ?? "" }, scopes.TrySaveAsync, cancellation),
        "authorization_details_types" => SaveAsync("authorization_details_type", change.Name, state.Catalog.FindDetailsType(change.Name), file.AuthorizationDetailsTypes.First(one => one.Type == change.Name), (one, before) => one with { Version = before?.Version ?? "" }, scopes.TrySaveAsync, cancellation),
        _ => clients.SaveAsync(state.FindClient(change.Name), file.Clients.First(one => one.ClientId == change.Name) with { Version = state.FindClient(change.Name)?.Version ?? "" }, cancellation),
    };

    private Task DeleteAsync(PlannedChange change, ConfigurationState state, CancellationToken cancellation) => change.Section switch
    {
        "scopes" => DeleteAsync<Scope>("scope", change.Name, state.Catalog.FindScope(change.Name)!, scopes.TryDeleteAsync, cancellation),
        "groups" => DeleteAsync<Group>("group", change.Name, state.FindGroup(change.Name)!, groups.TryDeleteAsync, cancellation),
        "resources" => DeleteAsync<Resource>("resource", change.Name, state.Catalog.FindResource(change.Name)!, scopes.TryDeleteAsync, cancellation),
        "authorization_details_types" => DeleteAsync<AuthorizationDetailsType>("authorization_details_type", change.Name, state.Catalog.FindDetailsType(change.Name)!, scopes.TryDeleteAsync, cancellation),
        _ => clients.DeleteAsync(state.FindClient(change.Name)!, cancellation),
    };

    private async Task SaveAsync<T>(string kind, string name, T? before, T wanted, Func<T, T?, T> withVersion, Func<T, CancellationToken, Task<WriteResult<T>>> write, CancellationToken cancellation)
        where T : class
    {
        if (!(await write(withVersion(wanted, before), cancellation)).Won)
            throw ApiProblem.Stale();
        await events.ConfigurationChangedAsync(RecordChange.Of(kind, name, before, wanted));
    }

    private async Task DeleteAsync<T>(string kind, string name, T before, Func<T, CancellationToken, Task<WriteResult<T>>> delete, CancellationToken cancellation)
        where T : class
    {
        if (!(await delete(before, cancellation)).Won)
            throw ApiProblem.Stale();
        await events.ConfigurationChangedAsync(RecordChange.Of(kind, name, before, null));
    }
}
