using Microsoft.AspNetCore.Authorization;
using Microsoft.Azure.Functions.Worker;

namespace OrdersApi;

/// <summary>
/// AuthorizationLevel.Anonymous only says that no key of the Functions host is needed. The policies decide who may call.
/// </summary>
public sealed class OrdersFunctions
{
    // <functions-endpoints>
    [Function("orders")]
    [Authorize("orders.read")]
    public IResult Read([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders")] HttpRequest request) =>
        Results.Json(Orders.Of(request.HttpContext.User));

    [Function("all_orders")]
    [Authorize("orders.read")]
    [Authorize("staff")]
    public IResult ReadAll([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders/all")] HttpRequest request) =>
        Results.Json(Orders.All);
    // </functions-endpoints>

    [Function("place_order")]
    [Authorize("orders.write")]
    public async Task<IResult> PlaceAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orders")] HttpRequest request) =>
        await request.ReadFromJsonAsync<NewOrder>() is { } order ? Results.Json(Orders.Add(request.HttpContext.User, order)) : Results.BadRequest();

    [Function("payments")]
    [Authorize("orders.write")]
    [Authorize("second-factor")]
    public IResult Pay([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "payments")] HttpRequest request) => Results.Text("paid");
}

/// <summary>Who calls this has no token yet.</summary>
public sealed class MetadataFunction(IServiceProvider services)
{
    [Function("protected_resource")]
    [AllowAnonymous]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ".well-known/oauth-protected-resource")] HttpRequest request) =>
        Results.Json(services.GetRequiredService<ProtectionOptions>().Metadata);
}
