using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>An account's table endpoint and the pipeline to it: what the two clients share.</summary>
internal sealed class TableService
{
    public const string Json = "application/json;odata=minimalmetadata";

    private readonly HttpPipeline pipeline;
    private readonly string version;

    private TableService(Uri endpoint, string accountName, HttpPipelinePolicy authentication, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        (Endpoint, AccountName, version) = (endpoint, accountName, options.Version);
        var build = new HttpPipelineOptions(options) { RequestFailedDetailsParser = TableErrors.Parser };
        build.PerRetryPolicies.Add(authentication);
        pipeline = HttpPipelineBuilder.Build(build);
    }

    public Uri Endpoint { get; }

    public string AccountName { get; }

    public static TableService Create(string connectionString, TableClientOptions? options)
    {
        var (endpoint, credential) = ConnectionString.Parse(connectionString);
        return Create(endpoint, credential, options);
    }

    public static TableService Create(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(endpoint, credential.AccountName, new SharedKeyPolicy(credential), options);
    }

    public static TableService Create(Uri endpoint, TokenCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        var authentication = new BearerTokenAuthenticationPolicy(credential, "https://storage.azure.com/.default");
        return new(endpoint, AccountOf(endpoint), authentication, options);
    }

    public Uri UriOf(string tableName) => new($"{Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{tableName}");

    public HttpMessage CreateMessage(RequestMethod method, string path)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(UriOf(path));
        message.Request.Headers.Add("x-ms-version", version);
        message.Request.Headers.Add("DataServiceVersion", "3.0");
        message.Request.Headers.Add(HttpHeader.Names.Accept, Json);
        return message;
    }

    /// <summary>Sends; a status that isn't a success and isn't in <paramref name="tolerated"/> is thrown.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken, params int[] tolerated)
    {
        await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var response = message.Response;
        if (response.Status is < 200 or >= 300 && !tolerated.Contains(response.Status)) throw new RequestFailedException(response);
        return response;
    }

    public async Task<Response> CreateTableAsync(string tableName, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Post, "Tables");
        message.Request.Headers.Add("Prefer", "return-no-content");
        message.Request.Headers.Add(HttpHeader.Names.ContentType, "application/json");
        message.Request.Content = RequestContent.Create(new { TableName = tableName });
        return await SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A table that is there already is as good as one just created.</summary>
    public async Task<Response> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken)
    {
        try
        {
            return await CreateTableAsync(tableName, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableAlreadyExists" && e.GetRawResponse() is { } response)
        {
            return response;
        }
    }

    public async Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Delete, $"Tables('{tableName}')");
        return await SendAsync(message, cancellationToken, 404).ConfigureAwait(false);
    }

    private static string AccountOf(Uri endpoint) =>
        endpoint.IsLoopback ? endpoint.AbsolutePath.Trim('/').Split('/')[0] : endpoint.Host.Split('.')[0];
}
