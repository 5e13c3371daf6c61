using System.Text.Json;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Import;

/// <summary>
/// Writes an import file to the stores. It can be run again, and at the same time as another one: what is as it should be
/// stays untouched. What the file does not name stays, too.
/// </summary>
public sealed class Importer(IClientStore clients, IScopeStore scopes, IGroupStore groups, IUserStore users, PasswordHasher<User> hasher, SecurityEvents events, TimeProvider clock)
{
    /// <summary>Compares a file with what is stored, and writes nothing.</summary>
    /// <exception cref="ImportException">The file contradicts it.</exception>
    public async Task CheckAsync(ImportFile file, CancellationToken cancellation)
    {
        var problems = new ProblemList(file.Lines);
        await CheckAsync(file, new UserImport(users, hasher, events, clock, problems), problems, cancellation);
    }

    private async Task CheckAsync(ImportFile file, UserImport userImport, ProblemList problems, CancellationToken cancellation)
    {
        await CheckIntrospectionAsync(file, problems, cancellation);
        await new GroupNames(groups, problems).CheckAsync(file, cancellation);
        await userImport.CheckAsync(file.Users, cancellation);
        problems.ThrowIfAny();
    }

    /// <exception cref="ImportException">
    /// The file contradicts what is stored. Nothing has been written then, unless somebody else changed a user meanwhile.
    /// </exception>
    public async Task<ImportSummary> ApplyAsync(ImportFile file, CancellationToken cancellation)
    {
        var problems = new ProblemList(file.Lines);
        var userImport = new UserImport(users, hasher, events, clock, problems);
        await CheckAsync(file, userImport, problems, cancellation);

        // What is named is written before what names it.
        var catalog = await scopes.LoadAsync(cancellation);
        List<ImportOutcome> scopeOutcomes = [], groupOutcomes = [], resourceOutcomes = [], typeOutcomes = [], clientOutcomes = [];
        foreach (var scope in file.Scopes)
            scopeOutcomes.Add(await SaveAsync(catalog.FindScope(scope.Name), known => scope with { Version = known?.Version ?? "" }, scopes.TrySaveAsync, cancellation));
        foreach (var group in file.Groups)
            groupOutcomes.Add(await SaveAsync(await groups.FindAsync(group.Name, cancellation), known => group with { Version = known?.Version ?? "" }, groups.TrySaveAsync, cancellation));
        foreach (var resource in file.Resources)
            resourceOutcomes.Add(await SaveAsync(catalog.FindResource(resource.Identifier), known => resource with { Version = known?.Version ?? "" }, scopes.TrySaveAsync, cancellation));
        foreach (var type in file.AuthorizationDetailsTypes)
            typeOutcomes.Add(await SaveAsync(catalog.FindDetailsType(type.Type), known => type with { Version = known?.Version ?? "" }, scopes.TrySaveAsync, cancellation));
        var inPortal = file.Clients.Count > 0 ? (await clients.ListInPortalAsync(cancellation)).ToHashSet() : [];
        foreach (var client in file.Clients)
        {
            clientOutcomes.Add(await SaveAsync(await clients.FindAsync(client.ClientId, cancellation), known => client with { Version = known?.Version ?? "" }, clients.TrySaveAsync, cancellation));
            // Also of a client that was written before there was a portal.
            if (client.IsInPortal != inPortal.Contains(client.ClientId))
                await clients.SetInPortalAsync(client.ClientId, client.IsInPortal, cancellation);
        }
        var userOutcomes = await userImport.ApplyAsync(file.Users, cancellation);
        problems.ThrowIfAny();
        var summary = new ImportSummary(
            ImportCount.Of(scopeOutcomes), ImportCount.Of(resourceOutcomes), ImportCount.Of(clientOutcomes), ImportCount.Of(userOutcomes), ImportCount.Of(groupOutcomes), ImportCount.Of(typeOutcomes));
        if (summary.HasChanges)
            await events.ImportedAsync(summary.ToString().ReplaceLineEndings("; "));
        return summary;
    }

    /// <param name="over">The record as it is wanted, to be written over what is stored.</param>
    private static async Task<ImportOutcome> SaveAsync<T>(T? stored, Func<T?, T> over, Func<T, CancellationToken, Task<WriteResult<T>>> write, CancellationToken cancellation)
        where T : class
    {
        var outcome = ImportOutcome.Unchanged;
        await CompareAndSwap.ChangeAsync(stored, Changed, write, cancellation);
        return outcome;

        T? Changed(T? current)
        {
            var changed = over(current);
            // Records compare their lists by reference; their JSON has all that is stored.
            var isSame = current is not null && JsonSerializer.Serialize(current) == JsonSerializer.Serialize(changed);
            outcome = isSame ? ImportOutcome.Unchanged : current is null ? ImportOutcome.Created : ImportOutcome.Updated;
            return isSame ? null : changed;
        }
    }

    /// <summary>A resource may be introspected by a client of the file or of the server.</summary>
    private async Task CheckIntrospectionAsync(ImportFile file, ProblemList problems, CancellationToken cancellation)
    {
        var known = file.Clients.Select(client => client.ClientId).ToHashSet();
        foreach (var (index, resource) in file.Resources.Index())
        {
            foreach (var (position, clientId) in resource.IntrospectedBy.Index())
            {
                if (!known.Contains(clientId) && await clients.FindAsync(clientId, cancellation) is null)
                    problems.Add($"resources[{index}].introspected_by[{position}]", "is an unknown client");
            }
        }
    }
}
