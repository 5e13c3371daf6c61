using System.Collections.Concurrent;
using System.Globalization;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Tests.Import;

internal sealed class DictionaryClients : IClientStore
{
    public ConcurrentDictionary<string, Client> Stored { get; } = [];

    public int Writes { get; private set; }

    public Task<Client?> FindAsync(string clientId, CancellationToken cancellation) => Task.FromResult(Stored.GetValueOrDefault(clientId));

    public Task<ListPage<Client>> ListAsync(string prefix, ListRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<WriteResult<Client>> TrySaveAsync(Client client, CancellationToken cancellation)
    {
        Writes++;
        Stored[client.ClientId] = client;
        return Task.FromResult(new WriteResult<Client>(true, client));
    }

    // The import writes by TrySaveAsync alone.
    public Task<bool> TryInsertAsync(Client client, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<WriteResult<Client>> TryReplaceAsync(Client client, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<WriteResult<Client>> TryDeleteAsync(Client client, CancellationToken cancellation) => throw new NotSupportedException();

    public Task SetInPortalAsync(string clientId, bool isInPortal, CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> ListInPortalAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task TouchAsync(string clientId, DateTimeOffset now, CancellationToken cancellation) => throw new NotSupportedException();
}

internal sealed class DictionaryScopes : IScopeStore
{
    private readonly Dictionary<string, Scope> scopes = [];
    private readonly Dictionary<string, Resource> resources = [];
    private readonly Dictionary<string, AuthorizationDetailsType> types = [];

    public int Writes { get; private set; }

    public Task<Catalog> LoadAsync(CancellationToken cancellation) => Task.FromResult(new Catalog(scopes.Values, resources.Values, types.Values));

    public Task<WriteResult<Scope>> TrySaveAsync(Scope scope, CancellationToken cancellation)
    {
        Writes++;
        scopes[scope.Name] = scope;
        return Task.FromResult(new WriteResult<Scope>(true, scope));
    }

    public Task<WriteResult<Scope>> TryDeleteAsync(Scope scope, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<WriteResult<AuthorizationDetailsType>> TrySaveAsync(AuthorizationDetailsType type, CancellationToken cancellation)
    {
        Writes++;
        types[type.Type] = type;
        return Task.FromResult(new WriteResult<AuthorizationDetailsType>(true, type));
    }

    public Task<WriteResult<AuthorizationDetailsType>> TryDeleteAsync(AuthorizationDetailsType type, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<WriteResult<Resource>> TrySaveAsync(Resource resource, CancellationToken cancellation)
    {
        Writes++;
        resources[resource.Identifier] = resource;
        return Task.FromResult(new WriteResult<Resource>(true, resource));
    }

    public Task<WriteResult<Resource>> TryDeleteAsync(Resource resource, CancellationToken cancellation) => throw new NotSupportedException();
}

internal sealed class DictionaryGroups : IGroupStore
{
    private readonly Dictionary<string, Group> stored = [];

    public Task<Group?> FindAsync(string name, CancellationToken cancellation) => Task.FromResult(stored.GetValueOrDefault(name));

    public Task<ListPage<Group>> ListAsync(ListRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<WriteResult<Group>> TrySaveAsync(Group group, CancellationToken cancellation)
    {
        stored[group.Name] = group;
        return Task.FromResult(new WriteResult<Group>(true, group));
    }

    public Task<WriteResult<Group>> TryDeleteAsync(Group group, CancellationToken cancellation) => throw new NotSupportedException();
}

/// <summary>Users in dictionaries, with versions that are compared. A test can do something between a read and the write after it.</summary>
internal sealed class DictionaryUsers : IUserStore
{
    private readonly Lock gate = new();
    private int lastVersion;

    public Dictionary<string, User> Stored { get; } = [];

    public Dictionary<string, string> Logins { get; } = [];

    public int Writes { get; private set; }

    /// <summary>Runs once, before the next save.</summary>
    public Action? BeforeSave { get; set; }

    /// <summary>Runs once, before the next user is created.</summary>
    public Func<Task>? BeforeCreate { get; set; }

    /// <summary>Runs once, after the next look-up of a login name.</summary>
    public Action? AfterFindSubject { get; set; }

    public Task<User?> FindAsync(string subject, CancellationToken cancellation)
    {
        lock (gate)
            return Task.FromResult(Stored.GetValueOrDefault(subject));
    }

    public IAsyncEnumerable<User> ListAsync(string prefix, CancellationToken cancellation) => Stored.Values.ToAsyncEnumerable();

    public Task<string?> FindSubjectAsync(string loginName, CancellationToken cancellation)
    {
        var found = Logins.GetValueOrDefault(LoginName.Normalize(loginName));
        var after = AfterFindSubject;
        AfterFindSubject = null;
        after?.Invoke();
        return Task.FromResult(found);
    }

    public Task<string?> FindOwnerAsync(string loginName, CancellationToken cancellation) => FindSubjectAsync(loginName, cancellation);

    public async Task<bool> TryCreateAsync(User user, bool byOperator, CancellationToken cancellation)
    {
        if (BeforeCreate is { } before)
        {
            BeforeCreate = null;
            await before();
        }
        lock (gate)
        {
            var names = user.LoginNames().Select(LoginName.Normalize).ToList();
            if (Stored.ContainsKey(user.Subject) || names.Exists(Logins.ContainsKey))
                return false;
            Put(user);
            names.ForEach(name => Logins[name] = user.Subject);
            return true;
        }
    }

    public Task<WriteResult<User>> TrySaveAsync(User user, CancellationToken cancellation)
    {
        var before = BeforeSave;
        BeforeSave = null;
        before?.Invoke();
        lock (gate)
        {
            var current = Stored.GetValueOrDefault(user.Subject);
            return Task.FromResult((current?.Version ?? "") == user.Version
                ? new WriteResult<User>(true, Put(user))
                : new WriteResult<User>(false, current));
        }
    }

    public Task<bool> TryAddLoginNameAsync(string loginName, string subject, CancellationToken cancellation)
    {
        lock (gate)
        {
            Writes++;
            return Task.FromResult(Logins.TryAdd(LoginName.Normalize(loginName), subject) || Logins[LoginName.Normalize(loginName)] == subject);
        }
    }

    public Task RetireLoginNameAsync(string loginName, string subject, CancellationToken cancellation) => RemoveLoginNameAsync(loginName, subject, cancellation);

    public Task RemoveLoginNameAsync(string loginName, string subject, CancellationToken cancellation)
    {
        lock (gate)
        {
            var name = LoginName.Normalize(loginName);
            if (Logins.GetValueOrDefault(name) == subject && Logins.Remove(name))
                Writes++;
        }
        return Task.CompletedTask;
    }

    private User Put(User user)
    {
        Writes++;
        return Stored[user.Subject] = user with { Version = (++lastVersion).ToString(CultureInfo.InvariantCulture) };
    }
}
