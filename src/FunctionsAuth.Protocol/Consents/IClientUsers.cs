using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>Who gave which client access, as an index: the consents themselves decide.</summary>
public interface IClientUsers
{
    /// <summary>The subjects of the people who gave the client access. Some may have taken it back.</summary>
    Task<ListPage<string>> ListAsync(string clientId, ListRequest request, CancellationToken cancellation);

    /// <summary>Takes an entry out that the consent contradicts.</summary>
    Task ForgetAsync(string clientId, string subject, CancellationToken cancellation);
}
