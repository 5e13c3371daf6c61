using System.Text.Json;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Import;

/// <summary>
/// Writes an import file to the stores. It can be run again, and at the same time as another import. Records that are already up to date, and records
/// that the file does not name, are not changed.
/// </summary>
public sealed class Importer(IClientStore clients, IScopeStore scopes, IGroupStore groups, IUserStore users, PasswordHasher<User> hasher, SecurityEvents events, ServerOptions options, TimeProvider clock)
{
    /// <summary>Compares a file with the stored data, and writes nothing.</summary>
    /// <exception cref="ImportException">The file contradicts the stored data.</exception>
    public Task CheckAsync(ImportFile file, CancellationToken cancellation) => CheckAsync(file, HasGroupAsync, HasClientAsync, cancellation);

    /// <summary>The same, with the given existing data.</summary>
    /// <inheritdoc cref="CheckAsync(ImportFile, CancellationToken)"/>
    public async Task CheckAsync(
        ImportFile file, Func<string, CancellationToken, Task<bool>> hasGroup, Func<string, CancellationToken, Task<bool>> hasClient, CancellationToken cancellation)
    {
        var problems = new ProblemList(file.Lines);
        await CheckIntrospectionAsync(file, hasClient, problems, cancellation);
        await new GroupNames(hasGroup, problems).CheckAsync(file, cancellation);
        await new UserImport(users, hasher, events, clock, problems).CheckAsync(file.Users, cancellation);
        problems.ThrowIfAny();
    }

    private async Task<bool> HasGroupAsync(string name, CancellationToken cancellation) =>
        // Groups of the settings need no record.
        options.Manage.Groups.Contains(name) || await groups.FindAsync(name, cancellation) is not null;

    private async Task<bool> HasClientAsync(string id, CancellationToken cancellation) => await clients.FindAsync(id, cancellation) is not null;

    /// <exception cref="ImportException">
    /// The file contradicts the stored data. Nothing has been written then, unless somebody else changed a user in the meantime.
    /// </exception>
    public async Task<ImportSummary> ApplyAsync(ImportFile file, CancellationToken cancellation)
    {
        var problems = new ProblemList(file.Lines);
        var userImport = new UserImport(users, hasher, events, clock, problems);
        await CheckAsync(file, cancellation);

        // Records are written before the records that refer to them.
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
            // Also for a client from before the portal existed.
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

    /// <param name="over">The record of the file, based on the stored version.</param>
    private static async Task<ImportOutcome> SaveAsync<T>(T? stored, Func<T?, T> over, Func<T, CancellationToken, Task<WriteResult<T>>> write, CancellationToken cancellation)
        where T : class
    {
        var outcome = ImportOutcome.Unchanged;
        await CompareAndSwap.ChangeAsync(stored, Changed, write, cancellation);
        return outcome;

        T? Changed(T? current)
        {
            var changed = over(current);
            // Records compare their lists by reference, so their JSON is compared.
            var isSame = current is not null && JsonSerializer.Serialize(current) == JsonSerializer.Serialize(changed);
            outcome = isSame ? ImportOutcome.Unchanged : current is null ? ImportOutcome.Created : ImportOutcome.Updated;
            return isSame ? null : changed;
        }
    }

    /// <summary>A resource can be introspected by a client of the file or of the server.</summary>
    private static async Task CheckIntrospectionAsync(ImportFile file, Func<string, CancellationToken, Task<bool>> hasClient, ProblemList problems, CancellationToken cancellation)
    {
        var known = file.Clients.Select(client => client.ClientId).ToHashSet();
        foreach (var (index, resource) in file.Resources.Index())
        {
            foreach (var (position, clientId) in resource.IntrospectedBy.Index())
            {
                if (!known.Contains(clientId) && !await hasClient(clientId, cancellation))
                    problems.Add($"resources[{index}].introspected_by[{position}]", "is an unknown client");
            }
        }
    }
}
