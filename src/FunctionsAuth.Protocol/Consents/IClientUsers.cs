using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>An index of the users who gave access to each client. The consent records themselves are authoritative.</summary>
public interface IClientUsers
{
    /// <summary>The subjects of the users who gave the client access. Some of them may have revoked it since.</summary>
    Task<ListPage<string>> ListAsync(string clientId, ListRequest request, CancellationToken cancellation);

    /// <summary>Removes an index entry that the consent record contradicts.</summary>
    Task ForgetAsync(string clientId, string subject, CancellationToken cancellation);
}
